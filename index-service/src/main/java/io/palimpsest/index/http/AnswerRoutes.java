package io.palimpsest.index.http;

import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.palimpsest.contracts.error.ErrorCode;
import io.palimpsest.contracts.error.PalimpsestException;
import io.palimpsest.contracts.event.Json;
import io.palimpsest.contracts.id.CollectionKey;
import io.palimpsest.index.answer.AnswerRequest;
import io.palimpsest.index.answer.AnswerService;
import io.palimpsest.index.search.SearchBody;
import io.palimpsest.index.search.SearchRequest;
import io.palimpsest.platform.config.SearchSettings;
import io.palimpsest.platform.http.Callers;
import io.palimpsest.platform.http.Routes;
import io.palimpsest.platform.security.Caller;
import io.palimpsest.platform.security.Role;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@code POST /v1/collections/{collection}/answer}; with {@code Accept: text/event-stream} each checked sentence is an
 * event {@code sentence}, then the whole response {@code answer}, or {@code error}.
 */
public final class AnswerRoutes implements Routes {
    private static final Logger LOG = LoggerFactory.getLogger(AnswerRoutes.class);
    private static final String EVENT_STREAM = "text/event-stream";

    private final AnswerService answers;
    private final SearchSettings settings;
    private final RequestBodies bodies = new RequestBodies();

    public AnswerRoutes(AnswerService answers, SearchSettings settings) {
        this.answers = answers;
        this.settings = settings;
    }

    @Override
    public void register(RoutesConfig routes) {
        routes.post("/v1/collections/{collection}/answer", this::answer);
    }

    private void answer(Context context) throws IOException {
        Caller caller = Callers.require(context, Role.SEARCH);
        CollectionKey collection = Scope.collection(context, caller);
        SearchBody body = bodies.read(context.body());
        Scope.requireTarget(caller, body.target());
        AnswerRequest request = request(body);
        String accept = context.header("Accept");
        if (accept != null && accept.contains(EVENT_STREAM)) {
            stream(context, caller, collection, request);
        } else {
            context.json(answers.answer(caller, collection, request));
        }
    }

    private AnswerRequest request(SearchBody body) {
        SearchRequest search = body.toRequest(settings);
        return new AnswerRequest(
                body.limit() == null ? search.withLimit(AnswerRequest.DEFAULT_PASSAGES) : search, body.target());
    }

    /** Once the stream has begun the status is sent: an error is its last event. */
    private void stream(Context context, Caller caller, CollectionKey collection, AnswerRequest request)
            throws IOException {
        context.contentType(EVENT_STREAM + "; charset=utf-8");
        context.header("Cache-Control", "no-cache");
        OutputStream out = context.res().getOutputStream(); // the one of the context does not flush
        try {
            send(out, "answer", answers.answer(caller, collection, request, s -> send(out, "sentence", s)));
        } catch (ReaderGone e) {
            LOG.atDebug().setCause(e).log("the reader of an answer went away; the rest is not made");
        } catch (RuntimeException e) {
            sendError(out, e);
        }
    }

    private static void sendError(OutputStream out, RuntimeException failure) {
        ErrorCode code = failure instanceof PalimpsestException ours ? ours.code() : ErrorCode.INTERNAL;
        boolean defect = code == ErrorCode.INTERNAL;
        if (defect) {
            LOG.atError().setCause(failure).addKeyValue("errorCode", code.id()).log("an answer failed by a defect");
        }
        String message = defect ? "the server failed on this answer" : String.valueOf(failure.getMessage());
        try {
            send(
                    out,
                    "error",
                    Map.of("code", code.id(), "error", code.name(), "message", message, "hint", code.hint()));
        } catch (ReaderGone e) {
            LOG.atDebug().setCause(e).log("the reader of an answer went away before its error");
        }
    }

    /** Ends the making of an answer that nobody reads. */
    private static final class ReaderGone extends RuntimeException {
        ReaderGone(IOException cause) {
            super(cause);
        }
    }

    private static void send(OutputStream out, String event, Object content) {
        try {
            out.write(("event: " + event + "\ndata: " + Json.writeText(content) + "\n\n")
                    .getBytes(StandardCharsets.UTF_8));
            out.flush();
        } catch (IOException e) {
            throw new ReaderGone(e);
        }
    }
}
