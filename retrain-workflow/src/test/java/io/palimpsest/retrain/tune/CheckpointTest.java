package io.palimpsest.retrain.tune;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class CheckpointTest {
    @TempDir
    Path folder = Path.of("");

    private final float[] weight = {1, 2, 3};
    private final AdamW optimiser = new AdamW(List.of(weight), 0.1, 20);
    private final EarlyStop stop = new EarlyStop(List.of(weight), 2);

    private Checkpoint checkpoint() {
        return new Checkpoint(folder.resolve("checkpoint"), optimiser, stop);
    }

    private void step(int number) {
        optimiser.step(number, List.of(new float[] {0.1f * number, -0.2f, 0.05f}));
    }

    @Test
    void trainingGoesOnWithTheSameBits() throws IOException {
        step(0);
        stop.look(0.7);
        step(1);
        checkpoint().save(2);
        step(2);
        step(3);
        float[] uninterrupted = weight.clone();
        step(9);
        stop.look(0.1);
        assertThat(checkpoint().load()).isEqualTo(2);
        step(2);
        step(3);
        assertThat(weight).isEqualTo(uninterrupted);
        assertThat(stop.bestLoss()).isEqualTo(0.7);
    }

    @Test
    void damagedCheckpointCountsAsAbsent() throws IOException {
        checkpoint().save(2);
        Path file = folder.resolve("checkpoint");
        byte[] whole = Files.readAllBytes(file);
        for (int at = 0; at < whole.length; at++) {
            byte[] damaged = whole.clone();
            damaged[at] ^= 1;
            Files.write(file, damaged);
            assertThat(checkpoint().load()).isZero();
        }
        Files.write(file, java.util.Arrays.copyOf(whole, whole.length - 1));
        assertThat(checkpoint().load()).isZero();
    }

    @Test
    void bestWeightsComeBackAfterTwoWorseLooks() {
        stop.look(0.5);
        weight[0] = 10;
        stop.look(0.6);
        assertThat(stop.enough()).isFalse();
        stop.look(0.6);
        assertThat(stop.enough()).isTrue();
        stop.restore();
        assertThat(weight).containsExactly(1, 2, 3);
    }
}
