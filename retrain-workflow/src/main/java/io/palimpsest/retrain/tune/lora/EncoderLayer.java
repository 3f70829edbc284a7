package io.palimpsest.retrain.tune.lora;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.norm.LayerNorm;
import io.palimpsest.retrain.tune.encoder.OnnxFile;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One BERT layer (Devlin et al. 2019; post-layer-norm, erf GELU) in array operations with frozen weights of the ONNX file.
 *
 * <p>Only arrays meet arrays here: DJL's operations with a Java number give wrong gradients when a garbage collection falls
 * between them and the backward pass, because nothing keeps the array that they make of the number.
 */
final class EncoderLayer {
    private static final float EPSILON = 1e-12f;

    private final Projection query;
    private final Projection key;
    private final Projection value;
    private final Projection output;
    private final Projection up;
    private final Projection down;
    private final Norm afterAttention;
    private final Norm afterFeedForward;
    private final NDArray attentionScale;
    private final int heads;
    private final int hidden;

    EncoderLayer(OnnxFile file, int layer, int heads, int hidden, NDManager manager) {
        String at = "/encoder/layer." + layer;
        this.query = Projection.of(file, at + "/attention/self/query", manager);
        this.key = Projection.of(file, at + "/attention/self/key", manager);
        this.value = Projection.of(file, at + "/attention/self/value", manager);
        this.output = Projection.of(file, at + "/attention/output/dense", manager);
        this.up = Projection.of(file, at + "/intermediate/dense", manager);
        this.down = Projection.of(file, at + "/output/dense", manager);
        this.afterAttention = Norm.of(file, at + "/attention/output/LayerNorm", manager);
        this.afterFeedForward = Norm.of(file, at + "/output/LayerNorm", manager);
        this.attentionScale = manager.create((float) (1 / Math.sqrt((double) hidden / heads)));
        this.heads = heads;
        this.hidden = hidden;
    }

    /** {@code x · weight + bias}. */
    record Projection(NDArray weight, NDArray bias) {
        static Projection of(OnnxFile file, String node, NDManager manager) {
            return new Projection(array(file, node + "/MatMul", manager), array(file, node + "/Add", manager));
        }

        NDArray apply(NDArray x) {
            return x.matMul(weight).add(bias);
        }
    }

    /** Layer normalisation over the last axis. */
    record Norm(NDArray gain, NDArray bias) {
        static Norm of(OnnxFile file, String node, NDManager manager) {
            return new Norm(array(file, node + "/Mul", manager), array(file, node + "/Add_1", manager));
        }

        NDArray apply(NDArray x) {
            NDList normed = LayerNorm.layerNorm(x, gain.getShape(), gain, bias, EPSILON);
            return normed.singletonOrThrow();
        }
    }

    /**
     * @param x [texts, tokens, hidden]
     * @param mask [texts, 1, 1, tokens]: 0, or very negative where there is padding
     * @param lora the layer's A and B of query, then of value; null runs the frozen layer
     * @param loraScale a single number
     */
    NDArray apply(NDArray x, NDArray mask, @Nullable List<NDArray> lora, NDArray loraScale) {
        NDArray q = query.apply(x);
        NDArray v = value.apply(x);
        if (lora != null) {
            q = q.add(x.matMul(lora.get(0)).matMul(lora.get(1)).mul(loraScale));
            v = v.add(x.matMul(lora.get(2)).matMul(lora.get(3)).mul(loraScale));
        }
        NDArray scores = split(q.mul(attentionScale))
                .matMul(split(key.apply(x)).transpose(0, 1, 3, 2))
                .add(mask);
        NDArray mixed = scores.softmax(-1).matMul(split(v)).transpose(0, 2, 1, 3);
        NDArray attended =
                afterAttention.apply(output.apply(mixed.reshape(x.getShape())).add(x));
        NDArray widened = up.apply(attended).getNDArrayInternal().gelu();
        return afterFeedForward.apply(down.apply(widened).add(attended));
    }

    /** [texts, tokens, hidden] to [texts, heads, tokens, hidden / heads]. */
    private NDArray split(NDArray x) {
        Shape shape = x.getShape();
        return x.reshape(shape.get(0), shape.get(1), heads, hidden / heads).transpose(0, 2, 1, 3);
    }

    private static NDArray array(OnnxFile file, String node, NDManager manager) {
        var weight = file.weightOf(node);
        return manager.create(
                file.floats(weight),
                new Shape(weight.shape().stream().mapToLong(Integer::longValue).toArray()));
    }
}
