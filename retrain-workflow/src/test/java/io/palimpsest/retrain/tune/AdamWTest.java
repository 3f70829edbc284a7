package io.palimpsest.retrain.tune;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;

final class AdamWTest {
    @Test
    void firstStepMovesByTheRateAgainstTheSign() {
        float[] weight = {1, -1, 0};
        AdamW optimiser = new AdamW(List.of(weight), 0.1, 10);
        optimiser.step(0, List.of(new float[] {0.5f, -0.5f, 0}));
        // 1 - 0.1 · (1 + 0.01 · 1), as in the paper's algorithm 2 with both corrections
        assertThat(weight[0]).isCloseTo(0.899f, within(1e-6f));
        assertThat(weight[1]).isCloseTo(-0.899f, within(1e-6f));
        assertThat(weight[2]).isZero();
    }

    @Test
    void gradientsAreClippedTogether() {
        float[] gradient = {30, 40};
        new AdamW(List.of(new float[2]), 0.1, 10).step(0, List.of(gradient));
        assertThat(gradient).containsExactly(new float[] {0.6f, 0.8f}, within(1e-6f));
    }

    @Test
    void rateRisesOverATenthAndFallsToZero() {
        AdamW optimiser = new AdamW(List.of(new float[1]), 1, 100);
        assertThat(optimiser.rate(0)).isEqualTo(0.1);
        assertThat(optimiser.rate(9)).isEqualTo(1);
        assertThat(optimiser.rate(10)).isEqualTo(1);
        assertThat(optimiser.rate(55)).isEqualTo(0.5);
        assertThat(optimiser.rate(99)).isCloseTo(0.0111, within(1e-3));
    }
}
