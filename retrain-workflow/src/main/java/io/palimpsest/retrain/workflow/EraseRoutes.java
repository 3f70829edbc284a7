package io.palimpsest.retrain.workflow;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.palimpsest.contracts.error.ErrorCode;
import io.palimpsest.contracts.error.PalimpsestException;
import io.palimpsest.contracts.id.CollectionKey;
import io.palimpsest.contracts.id.DocumentId;
import io.palimpsest.contracts.id.DocumentKey;
import io.palimpsest.platform.erasure.ErasureTasks;
import io.palimpsest.platform.erasure.Erasures;
import io.palimpsest.platform.erasure.LegalHolds;
import io.palimpsest.platform.erasure.TaintedModels;
import io.palimpsest.platform.http.Callers;
import io.palimpsest.platform.http.Routes;
import io.palimpsest.platform.http.StrictJson;
import io.palimpsest.platform.security.Caller;
import io.palimpsest.platform.security.Role;
import io.palimpsest.retrain.erase.ErasureDesk;
import io.palimpsest.retrain.evaluate.Approvals;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * {@code GET|POST /v1/collections/{collection}/erasures}, {@code GET /v1/erasures/{erasure}}, {@code GET|POST
 * /v1/collections/{collection}/holds}, {@code POST /v1/collections/{collection}/holds/{hold}/release}, {@code POST
 * /v1/collections/{collection}/suppressions/lift}, {@code GET /v1/collections/{collection}/tainted}. A second person approves or
 * rejects by the erasure's run, which has its id.
 */
public final class EraseRoutes implements Routes {
    private static final String ERASURES = "/v1/collections/{collection}/erasures";
    private static final String ERASURE = "/v1/erasures/{erasure}";
    private static final String HOLDS = "/v1/collections/{collection}/holds";
    private static final String RELEASE = "/v1/collections/{collection}/holds/{hold}/release";
    private static final String LIFT = "/v1/collections/{collection}/suppressions/lift";
    private static final String TAINTED = "/v1/collections/{collection}/tainted";
    private static final Set<Role> READERS = Set.of(Role.OPERATE, Role.APPROVE, Role.AUDIT);
    private static final int MOST = 100;

    private final ErasureDesk desk;
    private final Reads reads;
    private final RunStarter starter;
    private final Duration expiry;
    private final StrictJson<Order> orders = new StrictJson<>(Order.class, ErrorCode.ERASURE_INVALID);

    /** What is shown. */
    public record Reads(
            Erasures erasures, ErasureTasks tasks, LegalHolds holds, TaintedModels tainted, Approvals approvals) {}

    /** @param expiry how long a second person has */
    public EraseRoutes(ErasureDesk desk, Reads reads, RunStarter starter, Duration expiry) {
        this.desk = desk;
        this.reads = reads;
        this.starter = starter;
        this.expiry = expiry;
    }

    /** Which document, and why. */
    record Order(@Nullable String document, @Nullable String reason) {}

    private record Requested(String erasure, String commitment, String nonce, Instant expiresAt) {}

    /** @param document while it is not over */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    private record View(
            String erasure,
            CollectionKey collection,
            @Nullable String document,
            String commitment,
            String reason,
            String requestedBy,
            Instant requestedAt,
            Instant expiresAt,
            Erasures.State state,
            @Nullable Instant beganAt,
            @Nullable Instant endedAt,
            List<Approvals.Said> said,
            List<ErasureTasks.Task> steps) {}

    private record Listed(List<View> erasures) {}

    private record Held(List<LegalHolds.Hold> holds) {}

    private record Placed(String hold) {}

    /** @param proposal what to do about it */
    private record Tainted(List<TaintedModels.Taint> models, String proposal) {}

    private record Lifted(boolean lifted) {}

    @Override
    public void register(RoutesConfig routes) {
        routes.post(ERASURES, this::request);
        routes.get(ERASURES, this::list);
        routes.get(ERASURE, this::one);
        routes.post(HOLDS, this::hold);
        routes.get(HOLDS, this::holds);
        routes.post(RELEASE, this::release);
        routes.post(LIFT, this::lift);
        routes.get(TAINTED, this::tainted);
    }

    private void request(Context context) {
        Caller caller = Callers.require(context, Role.OPERATE);
        CollectionKey collection = Callers.collection(context, "collection");
        Order order = orders.read(context.body());
        ErasureDesk.Asked asked = desk.request(document(collection, order), reason(order), caller, expiry);
        boolean unused = starter.start(new EraseRequest(
                asked.erasure().id(),
                // Not tagged: an attribute that a server does not know ends the workflow's task.
                new Scope(collection.tenant().value(), collection.collection().value(), false),
                "manual:" + caller.name(),
                expiry));
        context.status(202)
                .json(new Requested(
                        asked.erasure().id(),
                        asked.erasure().commitment(),
                        asked.nonce(),
                        asked.erasure().expiresAt()));
    }

    private void list(Context context) {
        Callers.requireAny(context, READERS);
        context.json(new Listed(reads.erasures().of(Callers.collection(context, "collection"), MOST).stream()
                .map(erasure -> view(erasure, List.of()))
                .toList()));
    }

    private void one(Context context) {
        Caller caller = Callers.requireAny(context, READERS);
        String id = context.pathParam("erasure");
        Erasures.Erasure erasure = reads.erasures()
                .find(id)
                .filter(found -> caller.mayUse(found.collection()))
                .orElseThrow(
                        () -> new PalimpsestException(ErrorCode.NOT_FOUND, "there is no such erasure for this key"));
        context.json(view(erasure, reads.tasks().of(id)));
    }

    private View view(Erasures.Erasure erasure, List<ErasureTasks.Task> steps) {
        DocumentKey document = erasure.document();
        return new View(
                erasure.id(),
                erasure.collection(),
                document == null ? null : document.document().value(),
                erasure.commitment(),
                erasure.reason(),
                erasure.requestedBy(),
                erasure.requestedAt(),
                erasure.expiresAt(),
                erasure.state(),
                erasure.beganAt(),
                erasure.endedAt(),
                reads.approvals()
                        .find(erasure.id())
                        .map(Approvals.Request::said)
                        .orElse(List.of()),
                steps);
    }

    private void hold(Context context) {
        Caller caller = Callers.require(context, Role.APPROVE);
        CollectionKey collection = Callers.collection(context, "collection");
        Order order = orders.read(context.body());
        context.status(201).json(new Placed(desk.hold(document(collection, order), reason(order), caller)));
    }

    private void holds(Context context) {
        Callers.requireAny(context, READERS);
        context.json(new Held(reads.holds().of(Callers.collection(context, "collection"))));
    }

    private void release(Context context) {
        Caller caller = Callers.require(context, Role.APPROVE);
        desk.release(Callers.collection(context, "collection"), context.pathParam("hold"), caller);
        context.json(new Held(reads.holds().of(Callers.collection(context, "collection"))));
    }

    private void lift(Context context) {
        Caller caller = Callers.require(context, Role.APPROVE);
        CollectionKey collection = Callers.collection(context, "collection");
        Order order = orders.read(context.body());
        desk.lift(document(collection, order), reason(order), caller);
        context.json(new Lifted(true));
    }

    private void tainted(Context context) {
        Callers.requireAny(context, READERS);
        List<TaintedModels.Taint> models = reads.tainted().of(Callers.collection(context, "collection"));
        context.json(
                new Tainted(
                        models,
                        models.isEmpty()
                                ? "none"
                                : "train anew without what was erased: POST /v1/collections/{collection}/runs, or palimpsest runs start"));
    }

    private static DocumentKey document(CollectionKey collection, Order order) {
        try {
            return new DocumentKey(
                    collection.tenant(),
                    collection.collection(),
                    new DocumentId(order.document() == null ? "" : order.document()));
        } catch (IllegalArgumentException e) {
            throw new PalimpsestException(ErrorCode.ERASURE_INVALID, "document: " + e.getMessage(), e);
        }
    }

    private static String reason(Order order) {
        return order.reason() == null ? "" : order.reason();
    }
}
