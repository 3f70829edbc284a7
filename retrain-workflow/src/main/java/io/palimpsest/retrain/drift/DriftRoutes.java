package io.palimpsest.retrain.drift;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.palimpsest.contracts.error.ErrorCode;
import io.palimpsest.contracts.error.PalimpsestException;
import io.palimpsest.contracts.event.DriftMeasured;
import io.palimpsest.contracts.event.Json;
import io.palimpsest.contracts.id.CollectionKey;
import io.palimpsest.platform.http.Callers;
import io.palimpsest.platform.http.Routes;
import io.palimpsest.platform.security.Caller;
import io.palimpsest.platform.security.Role;
import io.palimpsest.retrain.drift.measure.Signal;
import java.io.UncheckedIOException;
import java.time.Clock;
import java.time.Instant;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** {@code /v1/collections/{collection}/drift}: what was measured, and taking a new reference. For operators. */
public final class DriftRoutes implements Routes {
    private static final int WINDOWS = 200;
    private static final int ALARMS = 20;
    private static final int SELF_TESTS = Signal.values().length;

    private final DriftStore store;
    private final ReferenceStore references;
    private final Clock clock;

    public DriftRoutes(DriftStore store, ReferenceStore references, Clock clock) {
        this.store = store;
        this.references = references;
        this.clock = clock;
    }

    /** Body of a request for a reference; all optional. */
    private record TakeRequest(
            @Nullable Instant from, @Nullable Instant to) {}

    /**
     * One signal as it stands.
     *
     * @param state NO_REFERENCE, TOO_FEW, CALM or CROSSED, of its newest window
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    private record SignalState(
            String signal, String state, @Nullable DriftMeasured newest) {}

    @Override
    public void register(RoutesConfig routes) {
        routes.get("/v1/collections/{collection}/drift", this::show);
        routes.post("/v1/collections/{collection}/drift/reference", this::take);
    }

    private void show(Context context) {
        Callers.require(context, Role.OPERATE);
        CollectionKey collection = Callers.collection(context, "collection");
        List<DriftMeasured> windows = store.latest(collection, WINDOWS);
        boolean known = references.summary(collection).isPresent();
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("collection", collection.collection());
        references.summary(collection).ifPresent(summary -> answer.put("reference", summary));
        references.requested(collection).ifPresent(request -> answer.put("referenceRequest", request));
        answer.put(
                "signals",
                Arrays.stream(Signal.values())
                        .map(signal -> state(signal, windows, known))
                        .toList());
        if (known) {
            references
                    .of(collection)
                    .ifPresent(reference ->
                            answer.put("thresholds", reference.thresholds().bySize()));
        }
        answer.put("alarms", store.alarms(collection, ALARMS));
        answer.put("selfTests", store.selfTests(collection, SELF_TESTS));
        answer.put("windows", windows);
        context.json(answer);
    }

    private static SignalState state(Signal signal, List<DriftMeasured> windows, boolean referenceKnown) {
        DriftMeasured newest = windows.stream()
                .filter(window -> window.signal().equals(signal.id()))
                .findFirst()
                .orElse(null);
        if (!referenceKnown && !signal.ofCanaries()) { // they have a baseline of their own
            return new SignalState(signal.id(), "NO_REFERENCE", newest);
        }
        if (newest == null || newest.value() == null) {
            return new SignalState(signal.id(), "TOO_FEW", newest);
        }
        return new SignalState(signal.id(), newest.crossed() ? "CROSSED" : "CALM", newest);
    }

    private void take(Context context) {
        Caller caller = Callers.require(context, Role.OPERATE);
        CollectionKey collection = Callers.collection(context, "collection");
        TakeRequest request = read(context);
        if (request.from() != null && request.to() != null && !request.from().isBefore(request.to())) {
            throw new PalimpsestException(ErrorCode.DATA_INVALID, "from must be before to");
        }
        references.request(new ReferenceStore.Request(
                collection, "key:" + caller.name(), clock.instant(), request.from(), request.to(), null, null));
        context.status(202).json(Map.of("collection", collection.collection(), "requested", true));
    }

    private static TakeRequest read(Context context) {
        byte[] body = context.bodyAsBytes();
        if (body.length == 0) {
            return new TakeRequest(null, null);
        }
        try {
            return Json.read(body, TakeRequest.class);
        } catch (UncheckedIOException e) {
            throw new PalimpsestException(
                    ErrorCode.DATA_INVALID, "the body is not JSON with from and to as moments", e);
        }
    }
}
