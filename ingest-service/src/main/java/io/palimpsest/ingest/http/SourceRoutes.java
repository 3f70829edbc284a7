package io.palimpsest.ingest.http;

import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.palimpsest.contracts.error.ErrorCode;
import io.palimpsest.contracts.error.PalimpsestException;
import io.palimpsest.contracts.id.CollectionKey;
import io.palimpsest.ingest.reconcile.ReconcilableSource;
import io.palimpsest.ingest.reconcile.Reconciliation;
import io.palimpsest.ingest.reconcile.Reconciliations;
import io.palimpsest.platform.http.Callers;
import io.palimpsest.platform.http.Routes;
import io.palimpsest.platform.http.StrictJson;
import io.palimpsest.platform.security.Caller;
import io.palimpsest.platform.security.Role;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * {@code GET /v1/sources}, {@code POST /v1/sources/{source}/reconcile}, {@code GET /v1/reconciliations/{id}} and {@code POST
 * /v1/reconciliations/{id}/cancel}.
 */
final class SourceRoutes implements Routes {
    private static final Pattern ID = Pattern.compile("[A-Za-z0-9._-]{1,80}");

    private final List<ReconcilableSource> sources;
    private final Reconciliations reconciliations;
    private final StrictJson<Order> orders = new StrictJson<>(Order.class, ErrorCode.DATA_INVALID);

    SourceRoutes(List<ReconcilableSource> sources, Reconciliations reconciliations) {
        this.sources = sources;
        this.reconciliations = reconciliations;
    }

    /**
     * What is wanted.
     *
     * @param id the same is the same comparison; null: a new one
     * @param allowDeletes however many they are
     */
    record Order(
            @Nullable String id,
            @Nullable Boolean dryRun,
            @Nullable Boolean allowDeletes) {}

    private record View(String name, String tenant, String collection) {}

    @Override
    public void register(RoutesConfig routes) {
        routes.get("/v1/sources", this::list);
        routes.post("/v1/sources/{source}/reconcile", this::reconcile);
        routes.get("/v1/reconciliations/{id}", context -> context.json(find(context)));
        routes.post("/v1/reconciliations/{id}/cancel", this::cancel);
    }

    private void list(Context context) {
        Caller caller = Callers.require(context, Role.OPERATE);
        context.json(Map.of(
                "sources",
                sources.stream()
                        .filter(source -> caller.mayUse(source.collection()))
                        .map(source -> new View(
                                source.name(),
                                source.collection().tenant().value(),
                                source.collection().collection().value()))
                        .toList()));
    }

    /** Answers at once; the comparison can take hours, and outlives this process. */
    private void reconcile(Context context) {
        Caller caller = Callers.require(context, Role.OPERATE);
        String name = context.pathParam("source");
        CollectionKey collection = sources.stream()
                .filter(source -> source.name().equals(name) && caller.mayUse(source.collection()))
                .findFirst()
                .orElseThrow(() -> new PalimpsestException(
                        ErrorCode.NOT_FOUND, "there is no source of this name for this key; GET /v1/sources has them"))
                .collection();
        Order order = orders.read(context.body().isBlank() ? "{}" : context.body());
        String id = order.id() == null ? UUID.randomUUID().toString() : order.id();
        if (!ID.matcher(id).matches()) {
            throw new PalimpsestException(ErrorCode.DATA_INVALID, "id: letters, digits and . _ - only, at most 80");
        }
        Reconciliation begun = reconciliations.ask(
                new Reconciliations.Wish(
                        id,
                        collection,
                        name,
                        Boolean.TRUE.equals(order.dryRun()),
                        Boolean.TRUE.equals(order.allowDeletes())),
                "key:" + caller.name());
        if (!begun.collection().equals(collection) || !begun.source().equals(name)) {
            throw new PalimpsestException(ErrorCode.DATA_INVALID, "id: this one is of another comparison");
        }
        context.status(202).json(begun);
    }

    private void cancel(Context context) {
        Reconciliation found = find(context);
        reconciliations.cancel(found.id());
        context.status(202).json(found);
    }

    private Reconciliation find(Context context) {
        Caller caller = Callers.require(context, Role.OPERATE);
        return reconciliations
                .find(context.pathParam("id"))
                .filter(found -> caller.mayUse(found.collection()))
                .orElseThrow(() ->
                        new PalimpsestException(ErrorCode.NOT_FOUND, "there is no such reconciliation for this key"));
    }
}
