package io.palimpsest.retrain.tune.lora;

import io.palimpsest.retrain.tune.encoder.OnnxFile;
import io.palimpsest.retrain.tune.encoder.OnnxPatch;
import io.palimpsest.retrain.tune.encoder.OnnxTensorBytes;
import io.palimpsest.retrain.tune.encoder.QuantisedMatrix;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Writes the base model's files anew with LoRA's matrices added to the weights they belong to; nothing else changes. */
final class Merger {
    private final OnnxFile base;
    private final LoraShape shape;
    private final List<float[]> weights;

    Merger(OnnxFile base, LoraShape shape, List<float[]> weights) {
        this.base = base;
        this.shape = shape;
        this.weights = weights;
    }

    /** @param int8 null: none is made */
    void merge(Path fp32, Path mergedFp32, @Nullable Path int8, Path mergedInt8) throws IOException {
        try (OnnxPatch patch = OnnxPatch.copyOf(fp32, mergedFp32)) {
            for (int layer = 0; layer < shape.layers(); layer++) {
                for (String projection : LoraShape.PROJECTIONS) {
                    patch.put(weightOf(layer, projection), merged(layer, projection));
                }
            }
        }
        if (int8 != null) {
            mergeInt8(int8, mergedInt8);
        }
    }

    private void mergeInt8(Path int8, Path merged) throws IOException {
        OnnxFile quantised = OnnxFile.read(int8);
        try (OnnxPatch patch = OnnxPatch.copyOf(int8, merged)) {
            for (int layer = 0; layer < shape.layers(); layer++) {
                for (String projection : LoraShape.PROJECTIONS) {
                    QuantisedMatrix.of(quantised, LoraShape.node(layer, projection))
                            .put(merged(layer, projection), patch);
                }
            }
        }
    }

    private OnnxTensorBytes weightOf(int layer, String projection) {
        return base.weightOf(LoraShape.node(layer, projection)).requireShape(shape.hidden(), shape.hidden());
    }

    private float[] merged(int layer, String projection) {
        int at = LoraShape.index(layer, projection);
        return shape.merged(base.floats(weightOf(layer, projection)), weights.get(at), weights.get(at + 1));
    }
}
