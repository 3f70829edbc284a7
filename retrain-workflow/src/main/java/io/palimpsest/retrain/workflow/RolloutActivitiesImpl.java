package io.palimpsest.retrain.workflow;

import io.palimpsest.contracts.error.ErrorCode;
import io.palimpsest.contracts.error.PalimpsestException;
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
        return candidates
                .built(
                        collection(request),
                        new ModelId(request.model()),
                        Heartbeats.ofThisActivity(parts.runs(), request.runId(), Stage.BUILD))
                .value();
    }

    @Override
    public void shadow(RolloutRequest request, String generation, double share) {
        parts.index().shadow(collection(request), new GenerationId(generation), share);
    }

    @Override
    public Swap swap(RolloutRequest request, String generation) {
        return parts.runs().once(request.runId(), Stage.SWAP, Swap.class, () -> {
            Optional<String> refusal =
                    parts.index().swap(collection(request), new GenerationId(generation), "run " + request.runId());
            if (refusal.isEmpty()) {
                tell(request, LedgerEntry.Type.MODEL_PROMOTED, generation);
            }
            return new Swap(refusal.orElse(null));
        });
    }

    /** On the queries that the gate asked: what was no loss then is one now where both have changed since. */
    @Override
    public Look look(RolloutRequest request, String generation) {
        Heartbeats heartbeats = Heartbeats.ofThisActivity(parts.runs(), request.runId(), Stage.WATCH);
        CollectionId collection = collection(request);
        Optional<Standing> live = parts.index().live(collection);
        Optional<Standing> before = parts.index().retired(collection);
        Optional<String> snapshot = parts.runs()
                .result(request.runId(), Stage.SNAPSHOT, SnapshotMade.class)
                .map(SnapshotMade::hash);
        boolean changed = live.filter(standing -> standing.id().value().equals(generation))
                .isEmpty();
        if (changed || before.isEmpty() || snapshot.isEmpty()) {
            return new Look(null); // somebody has swapped or rolled back since: theirs to watch
        }
        Evaluation now = candidates.between(
                collection,
                before.get(),
                live.get(),
                parts.snapshots().open(key(request), new ContentHash(snapshot.get())),
                1,
                heartbeats);
        return new Look(now.slices().stream()
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
                .orElse(null));
    }

    @Override
    public void rollBack(RolloutRequest request, String generation, String reason) {
        parts.index().rollBack(collection(request), new GenerationId(generation), reason);
        tell(request, LedgerEntry.Type.MODEL_ROLLED_BACK, generation);
    }

    @Override
    public void drop(RolloutRequest request, String generation) {
        candidates.drop(collection(request), new ModelId(request.model()));
    }

    /** An adapter of queries goes on reading the passages of the generation before it, which therefore stays. */
    @Override
    public void keep(RolloutRequest request, String generation) {
        parts.index().retired(collection(request)).ifPresent(before -> {
            try {
                parts.index().drop(collection(request), before.id());
            } catch (PalimpsestException e) {
                if (e.code() != ErrorCode.GENERATION_IN_USE) {
                    throw e;
                }
            }
        });
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
