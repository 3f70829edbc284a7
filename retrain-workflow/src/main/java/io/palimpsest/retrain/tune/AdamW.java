package io.palimpsest.retrain.tune;

import java.nio.ByteBuffer;
import java.util.List;

/**
 * AdamW (Loshchilov and Hutter 2019, algorithm 2) on arrays in place, with gradients clipped to a common norm, linear warm-up
 * over the first tenth of the steps and linear decay to 0. Betas and epsilon are the paper's, the rest was measured in trials.
 *
 * <p>Threading: none. The same gradients give the same bits: sums run in one order.
 */
public final class AdamW {
    private static final double BETA1 = 0.9;
    private static final double BETA2 = 0.999;
    private static final double EPSILON = 1e-8;
    private static final double DECAY = 0.01;
    private static final double CLIP = 1;

    private final List<float[]> weights;
    private final List<float[]> first;
    private final List<float[]> second;
    private final double learningRate;
    private final int steps;

    /** @param steps in all, for the schedule */
    public AdamW(List<float[]> weights, double learningRate, int steps) {
        this.weights = List.copyOf(weights);
        this.first = weights.stream().map(array -> new float[array.length]).toList();
        this.second = weights.stream().map(array -> new float[array.length]).toList();
        this.learningRate = learningRate;
        this.steps = steps;
    }

    /**
     * @param step from 0
     * @param gradients in the order of the weights; changed
     */
    public void step(int step, List<float[]> gradients) {
        clip(gradients);
        double rate = rate(step);
        double correction1 = 1 - StrictMath.pow(BETA1, step + 1);
        double correction2 = 1 - StrictMath.pow(BETA2, step + 1);
        for (int a = 0; a < weights.size(); a++) {
            float[] weight = weights.get(a);
            float[] gradient = gradients.get(a);
            float[] m = first.get(a);
            float[] v = second.get(a);
            for (int i = 0; i < weight.length; i++) {
                m[i] = (float) (BETA1 * m[i] + (1 - BETA1) * gradient[i]);
                v[i] = (float) (BETA2 * v[i] + (1 - BETA2) * gradient[i] * gradient[i]);
                double move = m[i] / correction1 / (Math.sqrt(v[i] / correction2) + EPSILON);
                weight[i] = (float) (weight[i] - rate * (move + DECAY * weight[i]));
            }
        }
    }

    double rate(int step) {
        int warmUp = Math.max(1, steps / 10);
        if (step < warmUp) {
            return learningRate * (step + 1) / warmUp;
        }
        return learningRate * Math.max(0, steps - step) / Math.max(1, steps - warmUp);
    }

    private static void clip(List<float[]> gradients) {
        double squares = 0;
        for (float[] gradient : gradients) {
            for (float value : gradient) {
                squares += (double) value * value;
            }
        }
        double norm = Math.sqrt(squares);
        if (norm > CLIP) {
            float factor = (float) (CLIP / norm);
            for (float[] gradient : gradients) {
                for (int i = 0; i < gradient.length; i++) {
                    gradient[i] *= factor;
                }
            }
        }
    }

    /** Bytes of {@link #save}. */
    public int stateBytes() {
        return weights.stream().mapToInt(array -> array.length).sum() * 3 * Float.BYTES;
    }

    /** Weights and both moments. */
    public void save(ByteBuffer to) {
        for (List<float[]> arrays : List.of(weights, first, second)) {
            arrays.forEach(array -> {
                for (float value : array) {
                    to.putFloat(value);
                }
            });
        }
    }

    /** What {@link #save} wrote, into the same arrays. */
    public void load(ByteBuffer from) {
        for (List<float[]> arrays : List.of(weights, first, second)) {
            arrays.forEach(array -> {
                for (int i = 0; i < array.length; i++) {
                    array[i] = from.getFloat();
                }
            });
        }
    }
}
