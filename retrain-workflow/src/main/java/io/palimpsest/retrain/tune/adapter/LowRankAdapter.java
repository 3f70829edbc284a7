package io.palimpsest.retrain.tune.adapter;

import io.palimpsest.contracts.model.Safetensors;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

/**
 * {@code q' = normalise(q + q · down · up)}: starts as the identity, since {@code up} starts at zero. As a file: tensors
 * {@code down} [dimensions, rank] and {@code up} [rank, dimensions] of {@link Safetensors}.
 *
 * @param down row-major, changed in place by training
 * @param up the same
 */
@SuppressWarnings("ArrayRecordComponent") // weights, trained in place; nobody compares them as keys
public record LowRankAdapter(int dimensions, int rank, float[] down, float[] up) {
    /** Arbitrary; small beside a component of a normalised vector. */
    private static final double SPREAD = 0.02;

    static LowRankAdapter initial(int dimensions, int rank, long seed) {
        Random random = new Random(seed);
        float[] down = new float[dimensions * rank];
        for (int i = 0; i < down.length; i++) {
            down[i] = (float) (random.nextGaussian() * SPREAD);
        }
        return new LowRankAdapter(dimensions, rank, down, new float[rank * dimensions]);
    }

    /** @throws IllegalArgumentException when the file holds something else */
    public static LowRankAdapter of(Safetensors file) {
        Safetensors.Tensor down = file.tensors().get("down");
        if (down == null || down.shape().length != 2) {
            throw new IllegalArgumentException("no tensor down with two sides");
        }
        int dimensions = down.shape()[0];
        int rank = down.shape()[1];
        return new LowRankAdapter(dimensions, rank, down.values(), file.values("up", rank, dimensions));
    }

    Safetensors toSafetensors() {
        return new Safetensors(
                new TreeMap<>(Map.of(
                        "down", new Safetensors.Tensor(new int[] {dimensions, rank}, down),
                        "up", new Safetensors.Tensor(new int[] {rank, dimensions}, up))),
                new TreeMap<>(Map.of("format", "pt")));
    }

    List<float[]> weights() {
        return List.of(down, up);
    }

    /** @param query float[dimensions], L2-normalised; the answer is too */
    public float[] apply(float[] query) {
        return normalise(adapted(query, compressed(query)));
    }

    /** {@code q · down}. */
    double[] compressed(float[] query) {
        double[] inner = new double[rank];
        for (int i = 0; i < dimensions; i++) {
            for (int r = 0; r < rank; r++) {
                inner[r] += (double) query[i] * down[i * rank + r];
            }
        }
        return inner;
    }

    /** {@code q + inner · up}, not normalised. */
    double[] adapted(float[] query, double[] inner) {
        double[] sum = new double[dimensions];
        for (int i = 0; i < dimensions; i++) {
            sum[i] = query[i];
        }
        for (int r = 0; r < rank; r++) {
            for (int i = 0; i < dimensions; i++) {
                sum[i] += inner[r] * up[r * dimensions + i];
            }
        }
        return sum;
    }

    static double norm(double[] vector) {
        double squares = 0;
        for (double value : vector) {
            squares += value * value;
        }
        return Math.sqrt(squares);
    }

    private static float[] normalise(double[] vector) {
        double norm = norm(vector);
        float[] normalised = new float[vector.length];
        for (int i = 0; i < vector.length; i++) {
            normalised[i] = (float) (vector[i] / norm);
        }
        return normalised;
    }
}
