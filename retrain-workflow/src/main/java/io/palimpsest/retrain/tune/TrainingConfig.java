package io.palimpsest.retrain.tune;

import com.fasterxml.jackson.annotation.JsonIgnore;

/**
 * How to train. Everything but the limits decides the model's bytes.
 *
 * @param name of the model, the first part of its id
 * @param rank of the matrices that are trained
 * @param alpha LoRA's: what is learnt counts alpha / rank times
 * @param learningRate at its highest
 * @param maxSteps 0 or more; 0 leaves it to the epochs
 * @param batch queries of a step
 * @param maxTokens of a text in training, special tokens included
 * @param evaluateEvery steps between two looks at the validation slice
 * @param patience looks without a better loss before the training stops early
 */
public record TrainingConfig(
        String name,
        long seed,
        int rank,
        double alpha,
        double learningRate,
        int epochs,
        int maxSteps,
        int batch,
        int maxTokens,
        int evaluateEvery,
        int patience,
        @JsonIgnore TrainingLimits limits) {
    public TrainingConfig {
        if (!name.matches("[a-z0-9][a-z0-9._-]{0,63}")) {
            throw new IllegalArgumentException(
                    "a model's name is 1 to 64 lower-case letters, digits, dots, hyphens and underscores");
        }
        require(rank, 1, 64, "rank");
        require(epochs, 1, 10_000, "epochs");
        require(maxSteps, 0, 10_000_000, "maxSteps");
        require(batch, 2, 1_024, "batch");
        require(maxTokens, 8, 512, "maxTokens");
        require(evaluateEvery, 1, 1_000_000, "evaluateEvery");
        require(patience, 1, 1_000_000, "patience");
        if (!(learningRate > 0) || !(alpha > 0)) {
            throw new IllegalArgumentException("alpha and learningRate must be above 0");
        }
    }

    /** LoRA on the encoder. Rank, alpha and rate as measured in trials; 4 epochs of 800 queries are about 100 steps. */
    public static TrainingConfig lora(String name, long seed) {
        return new TrainingConfig(name, seed, 8, 16, 3e-4, 4, 0, 32, 64, 10, 3, TrainingLimits.standard());
    }

    /** The low-rank query adapter; its alpha is its rank. */
    public static TrainingConfig adapter(String name, long seed) {
        return new TrainingConfig(name, seed, 16, 16, 1e-3, 40, 0, 64, 256, 20, 5, TrainingLimits.standard());
    }

    public TrainingConfig withLimits(TrainingLimits other) {
        return new TrainingConfig(
                name,
                seed,
                rank,
                alpha,
                learningRate,
                epochs,
                maxSteps,
                batch,
                maxTokens,
                evaluateEvery,
                patience,
                other);
    }

    /** Ends after this many steps at the latest. */
    public TrainingConfig withMaxSteps(int steps) {
        return new TrainingConfig(
                name,
                seed,
                rank,
                alpha,
                learningRate,
                epochs,
                steps,
                batch,
                maxTokens,
                evaluateEvery,
                patience,
                limits);
    }

    public TrainingConfig withBatch(int queries) {
        return new TrainingConfig(
                name,
                seed,
                rank,
                alpha,
                learningRate,
                epochs,
                maxSteps,
                queries,
                maxTokens,
                evaluateEvery,
                patience,
                limits);
    }

    /** @param every steps between two looks at the validation slice */
    public TrainingConfig withEvaluateEvery(int every) {
        return new TrainingConfig(
                name, seed, rank, alpha, learningRate, epochs, maxSteps, batch, maxTokens, every, patience, limits);
    }

    private static void require(int value, int low, int high, String what) {
        if (value < low || value > high) {
            throw new IllegalArgumentException(what + " must be " + low + " to " + high + ", was " + value);
        }
    }
}
