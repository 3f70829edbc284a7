package io.palimpsest.retrain.workflow;

import io.palimpsest.contracts.error.ErrorCode;
import io.palimpsest.contracts.error.PalimpsestException;
import io.palimpsest.contracts.event.LedgerEntry;
import io.palimpsest.contracts.id.CollectionKey;
import io.palimpsest.contracts.id.ContentHash;
import io.palimpsest.contracts.id.GenerationId;
import io.palimpsest.contracts.id.ModelId;
import io.palimpsest.retrain.evaluate.Evaluation;
import io.palimpsest.retrain.snapshot.Snapshot;
import io.palimpsest.retrain.workflow.IndexApi.Standing;
import io.palimpsest.retrain.workflow.TrainingActivities.SnapshotMade;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

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
        Heartbeats heartbeats = Heartbeats.ofThisActivity(parts.runs(), request.runId(), Stage.BUILD);
        return heartbeats
                .once(Built.class, () -> {
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
        Heartbeats heartbeats = Heartbeats.ofThisActivity(parts.runs(), request.runId(), Stage.SWAP);
        return heartbeats.once(Swap.class, () -> {
            CollectionKey collection = collection(request);
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

    /** On the queries that the gate asked, on known questions, and by what people say: all of both generations, as they are now. */
    @Override
    public Look look(RolloutRequest request, String generation) {
        Heartbeats heartbeats = Heartbeats.ofThisActivity(parts.runs(), request.runId(), Stage.WATCH);
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
        CollectionKey collection = collection(request);
        Optional<Standing> live = parts.index()
                .live(collection)
                .filter(standing -> standing.id().value().equals(generation));
        if (live.isEmpty()) {
            return new Look("another generation was made live meanwhile", true);
        }
        Optional<Standing> before = parts.runs()
                .result(request.runId(), Stage.SWAP, Swap.class)
                .map(Swap::before)
                .flatMap(id -> parts.index().find(collection, new GenerationId(id)));
        if (before.isEmpty()) {
            return Look.FINE; // somebody dropped what it would be compared with
        }
        GenerationWatch.Watched watched = new GenerationWatch.Watched(
                collection,
                before.get().id(),
                live.get().id(),
                parts.runs().doneAt(request.runId(), Stage.SWAP).orElse(Instant.EPOCH),
                GenerationWatch.Watched.looks(request.pace()));
        List<GenerationWatch.Compared> compared =
                new ArrayList<>(slices(request, before.get(), live.get(), heartbeats));
        compared.add(watch.canaries(watched, done -> heartbeats.beat()));
        return new Look(watch.regression(watched, compared).orElse(null), false);
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
        parts.ledger()
                .record(parts.entries()
                        .ofCollection(
                                type,
                                parts.clock().instant(),
                                ACTOR,
                                collection(request),
                                request.runId(),
                                Map.of("run", request.runId(), "model", request.model(), "generation", generation)));
    }

    private static CollectionKey collection(RolloutRequest request) {
        return CollectionKey.of(request.scope().tenant(), request.scope().collection());
    }
}
