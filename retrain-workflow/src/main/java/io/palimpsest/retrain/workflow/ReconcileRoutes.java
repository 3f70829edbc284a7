package io.palimpsest.retrain.workflow;

import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.palimpsest.contracts.error.ErrorCode;
import io.palimpsest.contracts.error.PalimpsestException;
import io.palimpsest.contracts.id.CollectionKey;
import io.palimpsest.platform.http.Callers;
import io.palimpsest.platform.http.Routes;
import io.palimpsest.platform.http.StrictJson;
import io.palimpsest.platform.security.Caller;
import io.palimpsest.platform.security.Role;
import java.time.InstantSource;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** {@code POST /v1/collections/{collection}/reconcile}: sources against the documents that we have, as a run. */
public final class ReconcileRoutes implements Routes {
    private static final String RECONCILE = "/v1/collections/{collection}/reconcile";

    private final ReconcileStarter reconciles;
    private final InstantSource clock;
    private final StrictJson<Order> orders = new StrictJson<>(Order.class, ErrorCode.DATA_INVALID);

    public ReconcileRoutes(ReconcileStarter reconciles, InstantSource clock) {
        this.reconciles = reconciles;
        this.clock = clock;
    }

    /**
     * What is wanted.
     *
     * @param name of the wish: the same name is the same run; null: a new one
     * @param source null: all of the collection
     * @param allowDeletes however many they are
     */
    record Order(
            @Nullable String name,
            @Nullable String source,
            @Nullable Boolean dryRun,
            @Nullable Boolean allowDeletes) {}

    /** @param reconciliation where the ingest service tells of it, once it has begun */
    private record Part(String source, String reconciliation) {}

    private record Begun(String run, boolean dryRun, List<Part> sources) {}

    @Override
    public void register(RoutesConfig routes) {
        routes.post(RECONCILE, this::begin);
    }

    private void begin(Context context) {
        Caller caller = Callers.require(context, Role.OPERATE);
        CollectionKey collection = Callers.collection(context, "collection");
        Order order = orders.read(context.body().isBlank() ? "{}" : context.body());
        List<String> sources = reconciles.sources(collection).stream()
                .filter(source -> order.source() == null || source.equals(order.source()))
                .toList();
        if (sources.isEmpty()) {
            throw new PalimpsestException(
                    ErrorCode.NOT_FOUND,
                    order.source() == null
                            ? "this collection has no watched folder or bucket"
                            : "this collection has no such source; GET /v1/sources has them");
        }
        String name = order.name() == null ? clock.instant().toString() : order.name();
        ReconcileRequest request = reconciles.begin(
                collection,
                "manual:" + caller.name() + ":" + name,
                order.source(),
                Boolean.TRUE.equals(order.dryRun()),
                Boolean.TRUE.equals(order.allowDeletes()));
        context.status(202)
                .json(new Begun(
                        request.runId(),
                        request.dryRun(),
                        sources.stream()
                                .map(source -> new Part(source, SourcesApi.reconciliation(request.runId(), source)))
                                .toList()));
    }
}
