package io.palimpsest.ingest.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.palimpsest.contracts.error.ErrorCode;
import io.palimpsest.contracts.error.PalimpsestException;
import io.palimpsest.contracts.event.Json;
import io.palimpsest.contracts.id.ChangeId;
import io.palimpsest.ingest.intake.ChangeIntake;
import io.palimpsest.ingest.intake.Receipt;
import io.palimpsest.ingest.intake.Utf8;
import io.palimpsest.ingest.timeline.Timeline;
import io.palimpsest.platform.http.Callers;
import io.palimpsest.platform.http.Routes;
import io.palimpsest.platform.security.Caller;
import io.palimpsest.platform.security.Role;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/** {@code POST /v1/changes} in all its forms, and {@code GET /v1/changes/{id}}. */
final class ChangeRoutes implements Routes {
    private static final long FRAME = 256 * 1024; // attributes and properties around the content

    private final ChangeIntake intake;
    private final Timeline timeline;
    private final EventParser parser = new EventParser();
    private final BulkChanges bulk;
    private final long maxEventBytes;

    ChangeRoutes(ChangeIntake intake, Timeline timeline, long maxInlineBytes) {
        this.intake = intake;
        this.timeline = timeline;
        this.bulk = new BulkChanges(intake, parser);
        this.maxEventBytes = maxInlineBytes * 4 / 3 + FRAME; // base64
    }

    @Override
    public void register(RoutesConfig routes) {
        routes.post("/v1/changes", this::publish);
        routes.get("/v1/changes/{id}", this::change);
    }

    private void publish(Context context) throws IOException {
        Caller caller = Callers.require(context, Role.PUBLISH);
        String type = String.valueOf(context.contentType()).toLowerCase(Locale.ROOT);
        LimitedBody body = new LimitedBody(context.bodyInputStream(), maxEventBytes);
        if (type.startsWith("application/x-ndjson") || type.startsWith("application/jsonl")) {
            context.status(202).contentType("application/x-ndjson");
            bulk.run(caller, body, context.res().getOutputStream()); // the one of the context does not flush
        } else if (type.startsWith("application/cloudevents-batch")) {
            batch(context, caller, body.all());
        } else {
            Receipt receipt = intake.accept(caller, parser.parse(context.headerMap(), body.all()));
            context.status(202)
                    .header("Location", "/v1/changes/" + receipt.changeId())
                    .json(Map.of(
                            "changeId", receipt.changeId().value(),
                            "collection", receipt.key().collection().value(),
                            "document", receipt.key().document().value()));
        }
    }

    /** 202 when any event was taken, with an answer for each; otherwise the status of the first refusal. */
    private void batch(Context context, Caller caller, byte[] body) {
        JsonNode events = array(body);
        List<CompletableFuture<LineAnswer>> taken = new ArrayList<>();
        for (JsonNode event : events) {
            taken.add(take(caller, taken.size() + 1L, event));
        }
        List<LineAnswer> answers = taken.stream().map(CompletableFuture::join).toList();
        context.status(status(answers)).json(answers);
    }

    private CompletableFuture<LineAnswer> take(Caller caller, long line, JsonNode event) {
        try {
            return LineAnswer.of(line, intake.acceptAsync(caller, parser.parseTree(event), null));
        } catch (PalimpsestException e) {
            return CompletableFuture.completedFuture(LineAnswer.refused(line, e));
        }
    }

    private static int status(List<LineAnswer> answers) {
        String first = answers.isEmpty() ? null : answers.getFirst().error();
        boolean any = answers.stream().anyMatch(LineAnswer::isTaken);
        return any || first == null ? 202 : ErrorCode.valueOf(first).httpStatus();
    }

    private static JsonNode array(byte[] body) {
        try {
            JsonNode events = Json.mapper().readTree(Utf8.require(body, "the batch"));
            if (events.isArray()) {
                return events;
            }
        } catch (JsonProcessingException e) {
            throw new PalimpsestException(ErrorCode.EVENT_MALFORMED, "the batch is not JSON", e);
        }
        throw new PalimpsestException(ErrorCode.EVENT_MALFORMED, "the batch is not a JSON array of events");
    }

    private void change(Context context) {
        Caller caller = Access.followsChanges(context);
        Timeline.Change change = timeline.change(caller.tenant(), new ChangeId(context.pathParam("id")))
                .filter(found -> Access.mayUse(caller, found.collection()))
                .orElseThrow(() -> new PalimpsestException(
                        ErrorCode.NOT_FOUND,
                        "there is no change of this id for this key; a change just sent shows in a moment"));
        context.json(change);
    }
}
