package io.palimpsest.retrain.tune.lora;

import io.palimpsest.contracts.model.Safetensors;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The matrices that are trained: for each layer, for query then value, A [hidden, rank] then B [rank, hidden], row-major. What a
 * projection gains is {@code x · A · B · alpha / rank}; B starts at zero, so training starts from the base model.
 */
record LoraShape(int layers, int hidden, int rank, double alpha) {
    static final List<String> PROJECTIONS = List.of("query", "value");

    /** As {@code transformers} initialises its linear layers; arbitrary. */
    private static final double SPREAD = 0.02;

    static String node(int layer, String projection) {
        return "/encoder/layer." + layer + "/attention/self/" + projection + "/MatMul";
    }

    float scale() {
        return (float) (alpha / rank);
    }

    /** Index of A among the weights; B is the next. */
    static int index(int layer, String projection) {
        return (layer * PROJECTIONS.size() + PROJECTIONS.indexOf(projection)) * 2;
    }

    List<float[]> initial(long seed) {
        Random random = new Random(seed);
        List<float[]> weights = new ArrayList<>();
        for (int i = 0; i < layers * PROJECTIONS.size(); i++) {
            float[] a = new float[hidden * rank];
            for (int j = 0; j < a.length; j++) {
                a[j] = (float) (random.nextGaussian() * SPREAD);
            }
            weights.add(a);
            weights.add(new float[rank * hidden]);
        }
        return weights;
    }

    /** {@code W + A · B · alpha / rank}, [in, out] as in the ONNX file. */
    float[] merged(float[] base, float[] a, float[] b) {
        float[] merged = new float[base.length];
        double scale = alpha / rank;
        for (int in = 0; in < hidden; in++) {
            for (int out = 0; out < hidden; out++) {
                double sum = 0;
                for (int r = 0; r < rank; r++) {
                    sum += (double) a[in * rank + r] * b[r * hidden + out];
                }
                merged[in * hidden + out] = (float) (base[in * hidden + out] + scale * sum);
            }
        }
        return merged;
    }

    /** Named and laid out as PEFT does: {@code lora_A} [rank, in], {@code lora_B} [out, rank]. */
    Safetensors toSafetensors(List<float[]> weights) {
        SortedMap<String, Safetensors.Tensor> tensors = new TreeMap<>();
        for (int layer = 0; layer < layers; layer++) {
            for (String projection : PROJECTIONS) {
                int at = index(layer, projection);
                String name = "base_model.model.encoder.layer." + layer + ".attention.self." + projection;
                tensors.put(
                        name + ".lora_A.weight",
                        new Safetensors.Tensor(new int[] {rank, hidden}, transposed(weights.get(at), hidden, rank)));
                tensors.put(
                        name + ".lora_B.weight",
                        new Safetensors.Tensor(
                                new int[] {hidden, rank}, transposed(weights.get(at + 1), rank, hidden)));
            }
        }
        return new Safetensors(
                tensors, new TreeMap<>(Map.of("format", "pt", "alpha", Double.toString(alpha), "rank", "" + rank)));
    }

    private static float[] transposed(float[] matrix, int rows, int columns) {
        float[] turned = new float[matrix.length];
        for (int row = 0; row < rows; row++) {
            for (int column = 0; column < columns; column++) {
                turned[column * rows + row] = matrix[row * columns + column];
            }
        }
        return turned;
    }
}
