package io.palimpsest.retrain.tune;

import io.palimpsest.retrain.tune.encoder.EncoderFiles;
import java.nio.file.Path;

/** What trainings of all tests share, unpacked once: natives of 450 MB, the base model. */
public final class TestModels {
    private static final Path FOLDER = Path.of("target", "test-models").toAbsolutePath();

    private TestModels() {}

    public static EncoderFiles miniLm() {
        return EncoderFiles.miniLm(FOLDER.resolve("models"));
    }

    public static Path natives() {
        return FOLDER.resolve("natives");
    }

    /** Six steps of four queries, a checkpoint after each second one, a look at the validation slice after each third. */
    public static TrainingConfig sixSteps(TrainingConfig config) {
        return config.withBatch(4)
                .withMaxSteps(6)
                .withEvaluateEvery(3)
                .withLimits(TrainingLimits.standard().withCheckpointEvery(2));
    }
}
