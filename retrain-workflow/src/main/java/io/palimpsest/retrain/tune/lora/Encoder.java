package io.palimpsest.retrain.tune.lora;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.types.Shape;
import io.palimpsest.retrain.tune.encoder.OnnxFile;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * The encoder in array operations: frozen weights of an fp32 ONNX file, with or without LoRA's matrices. Vectors equal those of
 * ONNX Runtime to about 2e-7.
 *
 * <p>Threading: one thread.
 */
final class Encoder implements AutoCloseable {
    /** Added to scores of padding; the least float would become infinite in sums. */
    private static final float HIDDEN = -1e9f;

    private static final int BATCH = 32;

    private final NDManager manager;
    private final TokenRows rows;
    private final EncoderLayer.Norm norm;
    private final List<EncoderLayer> layers = new ArrayList<>();
    private final NDArray loraScale;

    Encoder(OnnxFile file, int heads, float loraScale) {
        this.manager = NDManager.newBaseManager("PyTorch");
        this.rows = new TokenRows(file);
        this.norm = EncoderLayer.Norm.of(file, "/embeddings/LayerNorm", manager);
        this.loraScale = manager.create(loraScale);
        while (file.hasNode(LoraShape.node(layers.size(), "query"))) {
            layers.add(new EncoderLayer(file, layers.size(), heads, rows.hidden(), manager));
        }
    }

    NDManager manager() {
        return manager;
    }

    int layers() {
        return layers.size();
    }

    int hidden() {
        return rows.hidden();
    }

    /** Texts of one pass, as arrays of the current scope: their tokens' normed rows and masks. */
    record Input(NDArray rows, NDArray attentionMask, NDArray poolMask) {}

    /** Frozen: to be made outside of a gradient collector. */
    Input input(long[][] ids) {
        int width = Arrays.stream(ids).mapToInt(text -> text.length).max().orElseThrow();
        float[] attention = new float[ids.length * width];
        float[] pool = new float[ids.length * width];
        Arrays.fill(attention, HIDDEN);
        for (int text = 0; text < ids.length; text++) {
            Arrays.fill(attention, text * width, text * width + ids[text].length, 0);
            Arrays.fill(pool, text * width, text * width + ids[text].length, 1);
        }
        NDArray tokens = manager.create(rows.of(ids, width), new Shape(ids.length, width, rows.hidden()));
        return new Input(
                norm.apply(tokens),
                manager.create(attention, new Shape(ids.length, 1, 1, width)),
                manager.create(pool, new Shape(ids.length, width, 1)));
    }

    /** [texts, hidden], L2-normalised mean of the token vectors. */
    NDArray encode(Input input, @Nullable List<NDArray> lora) {
        NDArray x = input.rows();
        int each = LoraShape.PROJECTIONS.size() * 2;
        for (int layer = 0; layer < layers.size(); layer++) {
            List<NDArray> own = lora == null ? null : lora.subList(layer * each, (layer + 1) * each);
            x = apply(layers.get(layer), x, input, own);
        }
        // The norm cancels the division by the count.
        NDArray sum = x.mul(input.poolMask()).sum(new int[] {1});
        return sum.div(sum.mul(sum).sum(new int[] {1}, true).sqrt());
    }

    /** With a scope of its own: what the backward pass does not need is freed at once, which halves the memory of a step. */
    private NDArray apply(EncoderLayer layer, NDArray x, Input input, @Nullable List<NDArray> lora) {
        NDArray next;
        try (NDScope inner = new NDScope()) {
            inner.suppressNotUsedWarning();
            next = layer.apply(x, input.attentionMask(), lora, loraScale);
            NDScope.unregister(next);
        }
        NDScope.register(next);
        return next;
    }

    /** LoRA's matrices as arrays of the current scope, in the order of {@link LoraShape}. */
    List<NDArray> arrays(List<float[]> weights, int rank) {
        List<NDArray> arrays = new ArrayList<>();
        for (int i = 0; i < weights.size(); i++) {
            Shape shape = i % 2 == 0 ? new Shape(rows.hidden(), rank) : new Shape(rank, rows.hidden());
            arrays.add(manager.create(weights.get(i), shape));
        }
        return arrays;
    }

    /** float[hidden] for each text, without gradients; neighbours in length run together. */
    float[][] vectors(List<long[]> texts, List<float[]> weights, int rank, Runnable working) {
        int[] order = IntStream.range(0, texts.size())
                .boxed()
                .sorted(Comparator.comparingInt(i -> texts.get(i).length))
                .mapToInt(i -> i)
                .toArray();
        float[][] vectors = new float[texts.size()][];
        for (int from = 0; from < order.length; from += BATCH) {
            int[] batch = Arrays.copyOfRange(order, from, Math.min(order.length, from + BATCH));
            try (NDScope scope = new NDScope()) {
                scope.suppressNotUsedWarning();
                Input input = input(Arrays.stream(batch).mapToObj(texts::get).toArray(long[][]::new));
                float[] values = encode(input, arrays(weights, rank)).toFloatArray();
                for (int i = 0; i < batch.length; i++) {
                    vectors[batch[i]] = Arrays.copyOfRange(values, i * rows.hidden(), (i + 1) * rows.hidden());
                }
            }
            working.run();
        }
        return vectors;
    }

    @Override
    public void close() {
        manager.close();
    }
}
