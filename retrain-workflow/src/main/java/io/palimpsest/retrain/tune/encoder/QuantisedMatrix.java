package io.palimpsest.retrain.tune.encoder;

import java.io.IOException;

/** One weight matrix of a dynamically quantised file, found by the name that its node has in the fp32 file. */
public final class QuantisedMatrix {
    private static final String SUFFIX = "_quantized";

    private final OnnxTensorBytes values;
    private final OnnxTensorBytes scales;
    private final Quantiser quantiser;

    private QuantisedMatrix(OnnxTensorBytes values, OnnxTensorBytes scales, Quantiser quantiser) {
        this.values = values;
        this.scales = scales;
        this.quantiser = quantiser;
    }

    /** @param node such as {@code /encoder/layer.0/attention/self/query/MatMul} */
    public static QuantisedMatrix of(OnnxFile file, String node) {
        OnnxTensorBytes values = file.weightOf(node + "_quant", 1).requireType(OnnxTensorBytes.INT8);
        if (!values.name().endsWith(SUFFIX)) {
            throw new IllegalArgumentException("initializer " + values.name() + " is not named as a quantised one");
        }
        String original = values.name().substring(0, values.name().length() - SUFFIX.length());
        OnnxTensorBytes scales = file.initializer(original + "_scale")
                .requireType(OnnxTensorBytes.FLOAT)
                .requireShape(values.shape().get(1));
        return new QuantisedMatrix(values, scales, Quantiser.of(file.bytes(values)));
    }

    /** @param weights row-major [in, out], as in the fp32 file */
    public void put(float[] weights, OnnxPatch patch) throws IOException {
        float[] fresh = quantiser.scales(weights, values.shape().get(1));
        patch.put(scales, fresh);
        patch.put(values, quantiser.quantise(weights, fresh));
    }

    /** The values that {@link #put} would write. */
    byte[] quantise(float[] weights) {
        return quantiser.quantise(
                weights, quantiser.scales(weights, values.shape().get(1)));
    }

    OnnxTensorBytes values() {
        return values;
    }
}
