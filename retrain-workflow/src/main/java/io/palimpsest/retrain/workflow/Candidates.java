package io.palimpsest.retrain.workflow;

import io.palimpsest.contracts.error.ErrorCode;
import io.palimpsest.contracts.error.PalimpsestException;
import io.palimpsest.contracts.id.CollectionKey;
import io.palimpsest.contracts.id.GenerationId;
import io.palimpsest.contracts.id.ModelId;
import io.palimpsest.retrain.evaluate.Evaluation;
import io.palimpsest.retrain.evaluate.EvaluationSlice;
import io.palimpsest.retrain.evaluate.Evaluator;
import io.palimpsest.retrain.evaluate.Evaluator.Contender;
import io.palimpsest.retrain.evaluate.SnapshotSlices;
import io.palimpsest.retrain.snapshot.Snapshot;
import io.palimpsest.retrain.workflow.IndexApi.Standing;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Generations of candidates: what is evaluated is what would be served, so a candidate gets a generation of its own first. */
final class Candidates {
    private final IndexApi index;

    Candidates(IndexApi index) {
        this.index = index;
    }

    /** Returns when it has everything; goes on with one that was begun. */
    GenerationId built(CollectionKey collection, ModelId model, Heartbeats heartbeats) {
        Standing begun = index.of(collection, model).orElseGet(() -> index.make(collection, model));
        return heartbeats
                .until(() -> {
                    Standing now = index.get(collection, begun.id());
                    if (now.state().equals("FAILED")) {
                        index.drop(collection, begun.id());
                        throw new PalimpsestException(
                                ErrorCode.INDEX_WRITE_FAILED, "generation " + begun.id() + " could not be built");
                    }
                    heartbeats.beat("build generation", now.passagesDone(), now.passages(), now.etaSeconds(), null);
                    return now.state().equals("BUILDING") ? null : now;
                })
                .id();
    }

    /** The live generation beside another one, on the test slices of a snapshot. */
    Evaluation compare(
            CollectionKey collection, GenerationId generation, Snapshot snapshot, long seed, Heartbeats heartbeats) {
        Standing live = index.live(collection)
                .orElseThrow(() -> new PalimpsestException(
                        ErrorCode.EVALUATION_IMPOSSIBLE, "nothing is indexed in " + collection));
        return between(collection, live, index.get(collection, generation), snapshot, seed, heartbeats);
    }

    Evaluation between(
            CollectionKey collection,
            Standing before,
            Standing after,
            Snapshot snapshot,
            long seed,
            Heartbeats heartbeats) {
        List<EvaluationSlice> slices = SnapshotSlices.of(snapshot);
        long queries = slices.stream()
                .flatMap(slice -> slice.queries().stream())
                .map(EvaluationSlice.Judged::query)
                .distinct()
                .count();
        return new Evaluator(
                        new Contender(before.model(), index.search(collection, before.id())),
                        new Contender(after.model(), index.search(collection, after.id())),
                        seed,
                        done -> heartbeats.beat("compare searches", done, queries, null, null))
                .evaluate(slices);
    }

    /**
     * Makes live what was before, where this one is.
     *
     * @return whether it was
     */
    boolean leave(CollectionKey collection, GenerationId generation, String reason) {
        boolean live = index.live(collection)
                .filter(standing -> standing.id().equals(generation))
                .isPresent();
        if (live) {
            index.rollBack(collection, generation, reason);
        }
        return live;
    }

    /**
     * A live one stays, and so does one of the same model that may be rolled back to.
     *
     * @param own the run's, whatever became of it since; null where it made none
     */
    void drop(CollectionKey collection, ModelId model, @Nullable GenerationId own) {
        index.all(collection).stream()
                .filter(standing -> standing.model().equals(model))
                .filter(standing -> !standing.state().equals("LIVE"))
                .filter(standing ->
                        !standing.state().equals("RETIRED") || standing.id().equals(own))
                .forEach(standing -> index.drop(collection, standing.id()));
    }
}
