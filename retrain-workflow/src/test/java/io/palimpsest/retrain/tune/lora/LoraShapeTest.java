package io.palimpsest.retrain.tune.lora;

import static org.assertj.core.api.Assertions.assertThat;

import io.palimpsest.contracts.model.Safetensors;
import java.util.List;
import org.junit.jupiter.api.Test;

final class LoraShapeTest {
    private final LoraShape shape = new LoraShape(1, 3, 2, 4);

    @Test
    void untrainedMatricesMergeToTheBaseWeights() {
        float[] base = {1, 2, 3, 4, 5, 6, 7, 8, 9};
        List<float[]> weights = shape.initial(1);
        assertThat(weights).hasSize(4);
        assertThat(shape.merged(base, weights.get(0), weights.get(1))).isEqualTo(base);
    }

    @Test
    void mergedWeightIsBasePlusScaledProduct() {
        float[] a = {1, 0, 0, 1, 0, 0};
        float[] b = {1, 2, 3, 4, 5, 6};
        assertThat(shape.merged(new float[9], a, b)).containsExactly(2, 4, 6, 8, 10, 12, 0, 0, 0);
    }

    @Test
    void fileHasTheNamesAndLayoutOfPeft() {
        List<float[]> weights = shape.initial(1);
        weights.set(1, new float[] {1, 2, 3, 4, 5, 6});
        Safetensors file = shape.toSafetensors(weights);
        String query = "base_model.model.encoder.layer.0.attention.self.query";
        assertThat(file.values(query + ".lora_A.weight", 2, 3)[1]).isEqualTo(weights.get(0)[2]);
        assertThat(file.values(query + ".lora_B.weight", 3, 2)).containsExactly(1, 4, 2, 5, 3, 6);
        assertThat(file.metadata()).containsEntry("rank", "2").containsEntry("alpha", "4.0");
    }

    @Test
    void seedDecidesTheFirstMatrices() {
        assertThat(shape.initial(1).get(0))
                .isEqualTo(shape.initial(1).get(0))
                .isNotEqualTo(shape.initial(2).get(0));
    }
}
