package io.palimpsest.retrain.tune.lora;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.GradientCollector;
import java.util.ArrayList;
import java.util.List;

/**
 * Loss and gradients of one batch: cross-entropy of each query's own passage among all passages of the batch (InfoNCE, van den
 * Oord et al. 2018), scores being cosine × 20 as the base model was trained with.
 *
 * <p>Threading: one thread. Weights are fresh arrays in each step, because DJL adds gradients up; all arrays of a step go with
 * its scope.
 */
final class ContrastiveStep {
    static final float SCALE = 20;
    private static final float HIDDEN = -1e9f;

    private final Encoder encoder;
    private final int rank;
    private final NDArray scale;

    ContrastiveStep(Encoder encoder, int rank) {
        this.encoder = encoder;
        this.rank = rank;
        this.scale = encoder.manager().create(SCALE);
    }

    /** The batch's mean loss, and gradients in the order of the weights. */
    record Result(double loss, List<float[]> gradients) {}

    Result run(PairBatch batch, List<float[]> weights) {
        try (NDScope scope = new NDScope()) {
            scope.suppressNotUsedWarning();
            List<NDArray> leaves = encoder.arrays(weights, rank);
            leaves.forEach(leaf -> leaf.setRequiresGradient(true));
            Encoder.Input queries = encoder.input(batch.queries());
            Encoder.Input passages = encoder.input(batch.passages());
            NDArray mask = mask(batch);
            NDArray own = own(batch);
            float loss;
            try (GradientCollector collector = Engine.getEngine("PyTorch").newGradientCollector()) {
                NDArray scores = encoder.encode(queries, leaves)
                        .matMul(encoder.encode(passages, leaves).transpose(1, 0))
                        .mul(scale)
                        .add(mask);
                NDArray total = scores.logSoftmax(1).mul(own).sum();
                loss = total.getFloat();
                collector.backward(total);
            }
            List<float[]> gradients = new ArrayList<>();
            leaves.forEach(leaf -> gradients.add(leaf.getGradient().toFloatArray()));
            return new Result(loss, gradients);
        }
    }

    /** Very negative where a passage is relevant too, so that nobody learns to push it away. */
    private NDArray mask(PairBatch batch) {
        int queries = batch.queries().length;
        int passages = batch.passages().length;
        float[] mask = new float[queries * passages];
        for (int q = 0; q < queries; q++) {
            for (int p = 0; p < passages; p++) {
                mask[q * passages + p] = p != q && batch.alsoRelevant()[q][p] ? HIDDEN : 0;
            }
        }
        return encoder.manager().create(mask, new Shape(queries, passages));
    }

    /** -1 / queries at each query's own passage, so that the sum is the mean loss. */
    private NDArray own(PairBatch batch) {
        int queries = batch.queries().length;
        int passages = batch.passages().length;
        float[] own = new float[queries * passages];
        for (int q = 0; q < queries; q++) {
            own[q * passages + q] = -1f / queries;
        }
        return encoder.manager().create(own, new Shape(queries, passages));
    }
}
