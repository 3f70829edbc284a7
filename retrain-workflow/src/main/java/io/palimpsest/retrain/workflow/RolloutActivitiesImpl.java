package io.palimpsest.retrain.workflow;

import io.palimpsest.contracts.event.LedgerEntry;
import io.palimpsest.contracts.id.CollectionId;
import io.palimpsest.contracts.id.CollectionKey;
import io.palimpsest.contracts.id.ContentHash;
import io.palimpsest.contracts.id.GenerationId;
import io.palimpsest.contracts.id.ModelId;
import io.palimpsest.platform.ledger.LedgerEntries;
import io.palimpsest.retrain.evaluate.Evaluation;
import io.palimpsest.retrain.evaluate.Measure;
import io.palimpsest.retrain.workflow.IndexApi.Standing;
import io.palimpsest.retrain.workflow.TrainingActivities.SnapshotMade;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** See the interface; the index service does what has to be done at once, and only once. */
public final class RolloutActivitiesImpl implements RolloutActivities {
    private static final String ACTOR = "service:retrain";

    private final TuningParts parts;
    private final Candidates candidates;

    public RolloutActivitiesImpl(TuningParts parts) {
        this.parts = parts;
        this.candidates = new Candidates(parts.index());
    }

    @Override
    public String build(RolloutRequest request) {
        Heartbeats heartbeats = Heartbeats.ofThisActivity();
        return parts.runs()
                .once(request.runId(), Stage.BUILD, Built.class, () -> {
                    GenerationId built =
                            candidates.built(collection(request), new ModelId(request.model()), heartbeats);
                    return new Built(
                            built.value(),
                            live(request)
                                    .filter(id -> !id.equals(built.value()))
                                    .orElse(null));
                })
                .generation();
    }

    @Override
    public Shadowing shadow(RolloutRequest request, String generation) {
        if (isLive(request, generation)) {
            return new Shadowing(0); // swapped by a process that ended before it could say so
        }
        long now = parts.clock().millis();
        long since = parts.runs()
                .once(request.runId(), Stage.SHADOW, Since.class, () -> new Since(now))
                .at();
        long left = since + request.pace().shadow().toMillis() - now;
        if (left > 0) {
            parts.index()
                    .shadow(
                            collection(request),
                            new GenerationId(generation),
                            request.pace().shadowShare());
        }
        return new Shadowing(Math.max(0, left));
    }

    /** @param at milliseconds since 1970 */
    private record Since(long at) {}

    @Override
    public void endShadow(RolloutRequest request, String generation) {
        parts.index().shadow(collection(request), new GenerationId(generation), 0);
    }

    @Override
    public Swap swap(RolloutRequest request, String generation) {
        Heartbeats heartbeats = Heartbeats.ofThisActivity();
        return parts.runs().once(request.runId(), Stage.SWAP, Swap.class, () -> {
            CollectionId collection = collection(request);
            String live = live(request).filter(id -> !id.equals(generation)).orElse(null);
            Optional<String> refusal = heartbeats.during(
                    () -> parts.index().swap(collection, new GenerationId(generation), "run " + request.runId()));
            if (refusal.isEmpty()) {
                tell(request, LedgerEntry.Type.MODEL_PROMOTED, generation);
            }
            String before = live == null ? beforeBuild(request) : live;
            return new Swap(refusal.orElse(null), parts.clock().millis(), before);
        });
    }

    /** Where a process that ended before it could say so has swapped already. */
    private @Nullable String beforeBuild(RolloutRequest request) {
        return parts.runs()
                .result(request.runId(), Stage.BUILD, Built.class)
                .map(Built::before)
                .orElse(null);
    }

    /** On the queries that the gate asked: what was no loss then is one now where both have changed since. */
    @Override
    public Look look(RolloutRequest request, String generation) {
        Heartbeats heartbeats = Heartbeats.ofThisActivity();
        Optional<Look> bad = parts.runs().result(request.runId(), Stage.WATCH, Look.class);
        if (bad.isPresent()) {
            return bad.get();
        }
        Look look = compared(request, generation, heartbeats);
        return look.regression() == null
                ? look
                : parts.runs().once(request.runId(), Stage.WATCH, Look.class, () -> look);
    }

    private Look compared(RolloutRequest request, String generation, Heartbeats heartbeats) {
        if (!isLive(request, generation)) {
            return new Look("another generation was made live meanwhile", true);
        }
        CollectionId collection = collection(request);
        Optional<Standing> before = parts.runs()
                .result(request.runId(), Stage.SWAP, Swap.class)
                .map(Swap::before)
                .flatMap(id -> parts.index().find(collection, new GenerationId(id)));
        Optional<String> snapshot = parts.runs()
                .result(request.runId(), Stage.SNAPSHOT, SnapshotMade.class)
                .map(SnapshotMade::hash);
        if (before.isEmpty() || snapshot.isEmpty()) {
            return Look.FINE; // somebody dropped what it would be compared with
        }
        Evaluation now = candidates.between(
                collection,
                before.get(),
                parts.index().get(collection, new GenerationId(generation)),
                parts.snapshots().open(key(request), new ContentHash(snapshot.get())),
                1,
                heartbeats);
        return new Look(
                now.slices().stream()
                        .filter(slice -> slice.of(Measure.NDCG_AT_10).high() < 0)
                        .findFirst()
                        .map(slice -> String.format(
                                Locale.ROOT,
                                "%s %s %+.4f [%+.4f, %+.4f]",
                                slice.name(),
                                Measure.NDCG_AT_10.label(),
                                slice.of(Measure.NDCG_AT_10).gain(),
                                slice.of(Measure.NDCG_AT_10).low(),
                                slice.of(Measure.NDCG_AT_10).high()))
                        .orElse(null),
                false);
    }

    @Override
    public void rollBack(RolloutRequest request, String generation, String reason) {
        boolean was = candidates.leave(collection(request), new GenerationId(generation), reason);
        boolean found = parts.runs()
                .result(request.runId(), Stage.WATCH, Look.class)
                .filter(look -> !look.replaced())
                .isPresent();
        if (was || found) { // found: by a process that ended before it could tell
            tell(request, LedgerEntry.Type.MODEL_ROLLED_BACK, generation);
        }
    }

    @Override
    public void drop(RolloutRequest request, String generation) {
        candidates.drop(collection(request), new ModelId(request.model()), new GenerationId(generation));
    }

    /** The generation before it stays for a while, so that there is one to roll back to: see {@link Retirement}. */
    @Override
    public void keep(RolloutRequest request, String generation) {
        Look unused = parts.runs().once(request.runId(), Stage.WATCH, Look.class, () -> Look.FINE);
    }

    private boolean isLive(RolloutRequest request, String generation) {
        return live(request).filter(generation::equals).isPresent();
    }

    private Optional<String> live(RolloutRequest request) {
        return parts.index()
                .live(collection(request))
                .map(standing -> standing.id().value());
    }

    private void tell(RolloutRequest request, LedgerEntry.Type type, String generation) {
        CollectionKey collection = key(request);
        parts.ledger()
                .record(parts.entries()
                        .entry(
                                type,
                                parts.clock().instant(),
                                ACTOR,
                                new LedgerEntries.Scope(collection.tenant(), collection.collection()),
                                request.runId(),
                                Map.of("run", request.runId(), "model", request.model(), "generation", generation),
                                null));
    }

    private static CollectionKey key(RolloutRequest request) {
        return CollectionKey.of(request.scope().tenant(), request.scope().collection());
    }

    private static CollectionId collection(RolloutRequest request) {
        return key(request).collection();
    }
}
