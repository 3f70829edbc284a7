package io.palimpsest.retrain.workflow;

import io.palimpsest.contracts.error.ErrorCode;
import io.palimpsest.contracts.error.PalimpsestException;
import io.palimpsest.contracts.event.LedgerEntry;
import io.palimpsest.contracts.id.CollectionKey;
import io.palimpsest.contracts.id.ContentHash;
import io.palimpsest.contracts.id.GenerationId;
import io.palimpsest.contracts.id.ModelId;
import io.palimpsest.platform.ledger.LedgerEntries;
import io.palimpsest.retrain.evaluate.Evaluation;
import io.palimpsest.retrain.snapshot.Snapshot;
import io.palimpsest.retrain.workflow.IndexApi.Standing;
import io.palimpsest.retrain.workflow.TrainingActivities.SnapshotMade;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** See the interface; the index service does what has to be done at once, and only once. */
public final class RolloutActivitiesImpl implements RolloutActivities {
    private static final String ACTOR = "service:retrain";

    private final TuningParts parts;
    private final Candidates candidates;
    private final GenerationWatch watch;

    public RolloutActivitiesImpl(TuningParts parts, GenerationWatch watch) {
        this.parts = parts;
        this.watch = watch;
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

    /** On the queries that the gate asked, on known questions, and by what people say: all of both generations, as they are now. */
    @Override
    public Look look(RolloutRequest request, String generation) {
        Heartbeats heartbeats = Heartbeats.ofThisActivity(parts.runs(), request.runId(), Stage.WATCH);
        CollectionKey collection = collection(request);
        Optional<Standing> live = parts.index().live(collection);
        Optional<Standing> before = parts.index().retired(collection);
        boolean changed = live.filter(standing -> standing.id().value().equals(generation))
                .isEmpty();
        if (changed || before.isEmpty()) {
            return new Look(null); // somebody has swapped or rolled back since: theirs to watch
        }
        GenerationWatch.Watched watched = new GenerationWatch.Watched(
                collection(request),
                before.get().id(),
                live.get().id(),
                parts.runs().doneAt(request.runId(), Stage.SWAP).orElse(Instant.EPOCH),
                GenerationWatch.Watched.looks(request.pace()));
        List<GenerationWatch.Compared> compared =
                new ArrayList<>(slices(request, before.get(), live.get(), heartbeats));
        compared.add(watch.canaries(watched, done -> heartbeats.beat()));
        return new Look(watch.regression(watched, compared).orElse(null));
    }

    /** None where the questions were erased with a document: nothing is left to ask. */
    private List<GenerationWatch.Compared> slices(
            RolloutRequest request, Standing before, Standing live, Heartbeats heartbeats) {
        Optional<String> hash = parts.runs()
                .result(request.runId(), Stage.SNAPSHOT, SnapshotMade.class)
                .map(SnapshotMade::hash);
        if (hash.isEmpty()) {
            return List.of();
        }
        Snapshot asked;
        try {
            asked = parts.snapshots().open(collection(request), new ContentHash(hash.get()));
        } catch (PalimpsestException e) {
            if (e.code() == ErrorCode.SNAPSHOT_TAINTED) {
                return List.of();
            }
            throw e;
        }
        Evaluation now = candidates.between(collection(request), before, live, asked, 1, heartbeats);
        return now.slices().stream()
                .map(slice -> new GenerationWatch.Compared(slice.name(), slice.differences()))
                .toList();
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
        CollectionKey collection = collection(request);
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

    private static CollectionKey collection(RolloutRequest request) {
        return CollectionKey.of(request.scope().tenant(), request.scope().collection());
    }
}
