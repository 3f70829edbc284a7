package io.palimpsest.index.http;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.palimpsest.contracts.error.ErrorCode;
import io.palimpsest.contracts.error.PalimpsestException;
import io.palimpsest.contracts.event.Json;
import io.palimpsest.contracts.id.CollectionKey;
import io.palimpsest.contracts.id.GenerationId;
import io.palimpsest.contracts.id.ModelId;
import io.palimpsest.index.generation.GenerationActs;
import io.palimpsest.index.generation.GenerationRow;
import io.palimpsest.index.generation.GenerationState;
import io.palimpsest.index.generation.GenerationTable;
import io.palimpsest.index.generation.LivePeriod;
import io.palimpsest.index.indexer.BuildEstimates;
import io.palimpsest.index.search.ShadowReads;
import io.palimpsest.platform.http.Callers;
import io.palimpsest.platform.http.Routes;
import io.palimpsest.platform.security.Caller;
import io.palimpsest.platform.security.Role;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Models, and generations of a collection: to see and to build with the role OPERATE, to let go live, roll back and drop with the
 * role APPROVE.
 */
public final class GenerationRoutes implements Routes {
    private static final String GENERATIONS = "/v1/collections/{collection}/generations";
    private static final String GENERATION = "/v1/collections/{collection}/generations/{generation}";
    private static final String SWAP = "/v1/collections/{collection}/generations/{generation}/swap";
    private static final String SHADOW = "/v1/collections/{collection}/generations/{generation}/shadow";
    private static final int LONGEST_REASON = 1_000;

    private final GenerationActs acts;
    private final GenerationTable table;
    private final BuildEstimates estimates;
    private final ShadowReads shadows;
    private final Models models;

    public GenerationRoutes(
            GenerationActs acts, GenerationTable table, BuildEstimates estimates, ShadowReads shadows, Models models) {
        this.acts = acts;
        this.table = table;
        this.estimates = estimates;
        this.shadows = shadows;
        this.models = models;
    }

    @Override
    public void register(RoutesConfig routes) {
        routes.get("/v1/models", this::models);
        routes.get(GENERATIONS, this::list);
        routes.post(GENERATIONS, this::make);
        routes.get(GENERATION, this::one);
        routes.delete(GENERATION, this::drop);
        routes.post(SWAP, this::swap);
        routes.put(SHADOW, this::shadow);
        routes.post("/v1/collections/{collection}/rollback", this::rollBack);
    }

    private record ModelList(List<Models.View> models) {}

    /** @param live null before the first document */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    private record GenerationList(
            @Nullable GenerationId live, List<GenerationView> generations, List<LivePeriod> history) {}

    /** What to build. */
    record Order(@Nullable ModelId model, @Nullable Boolean estimateOnly) {}

    /** Why; {@code from}: what is to be left by a roll-back. */
    record Act(@Nullable String reason, @Nullable GenerationId from) {}

    /** How many of the live queries. */
    record Share(@Nullable Double share) {}

    private void models(Context context) {
        Callers.require(context, Role.OPERATE);
        context.json(new ModelList(models.list()));
    }

    private void list(Context context) {
        Callers.require(context, Role.OPERATE);
        CollectionKey collection = Callers.collection(context, "collection");
        List<GenerationRow> rows = table.of(collection);
        context.json(new GenerationList(
                rows.stream()
                        .filter(row -> row.state() == GenerationState.LIVE)
                        .map(GenerationRow::id)
                        .findFirst()
                        .orElse(null),
                rows.stream().map(row -> GenerationView.of(row, null)).toList(),
                table.history(collection)));
    }

    private void make(Context context) {
        Caller caller = Callers.require(context, Role.OPERATE);
        CollectionKey collection = Callers.collection(context, "collection");
        Order order = body(context, Order.class);
        ModelId model = order.model();
        if (model == null) {
            throw invalid("model: is missing");
        }
        if (Boolean.TRUE.equals(order.estimateOnly())) {
            context.json(estimates.of(collection, model));
        } else {
            context.status(202).json(GenerationView.of(acts.make(collection, model, actor(caller)), null));
        }
    }

    private void one(Context context) {
        Callers.require(context, Role.OPERATE);
        GenerationRow row = acts.find(Callers.collection(context, "collection"), generation(context));
        context.json(GenerationView.of(row, shadows.numbers(row.id())));
    }

    private void swap(Context context) {
        Caller caller = Callers.require(context, Role.APPROVE);
        CollectionKey collection = Callers.collection(context, "collection");
        String reason = reason(body(context, Act.class));
        context.json(GenerationView.of(acts.swap(collection, generation(context), reason, actor(caller)), null));
    }

    private void rollBack(Context context) {
        Caller caller = Callers.require(context, Role.APPROVE);
        CollectionKey collection = Callers.collection(context, "collection");
        Act act = body(context, Act.class);
        context.json(GenerationView.of(acts.rollBack(collection, act.from(), reason(act), actor(caller)), null));
    }

    private void drop(Context context) {
        Caller caller = Callers.require(context, Role.APPROVE);
        acts.drop(Callers.collection(context, "collection"), generation(context), actor(caller));
        context.status(204);
    }

    private void shadow(Context context) {
        Callers.require(context, Role.OPERATE);
        CollectionKey collection = Callers.collection(context, "collection");
        Double share = body(context, Share.class).share();
        if (share == null || !(share >= 0 && share <= 1)) {
            throw invalid("share: is not within 0 to 1");
        }
        acts.shadow(collection, generation(context), share);
        context.status(204);
    }

    private static GenerationId generation(Context context) {
        try {
            return new GenerationId(context.pathParam("generation"));
        } catch (IllegalArgumentException e) {
            throw new PalimpsestException(ErrorCode.NOT_FOUND, "there is no such generation for this key", e);
        }
    }

    private static String actor(Caller caller) {
        return "key:" + caller.name();
    }

    private static @Nullable String reason(Act act) {
        String reason = act.reason();
        if (reason != null && reason.length() > LONGEST_REASON) {
            throw invalid("reason: has more than " + LONGEST_REASON + " characters");
        }
        return reason;
    }

    private static <T> T body(Context context, Class<T> type) {
        try {
            String body = context.body();
            T read = Json.read((body.isBlank() ? "{}" : body).getBytes(StandardCharsets.UTF_8), type);
            if (read != null) {
                return read;
            }
            throw invalid("the body is not a JSON object");
        } catch (UncheckedIOException e) {
            throw new PalimpsestException(ErrorCode.QUERY_INVALID, "the body is not valid JSON of this call", e);
        }
    }

    private static PalimpsestException invalid(String message) {
        return new PalimpsestException(ErrorCode.QUERY_INVALID, message);
    }
}
