package io.palimpsest.retrain.tune.lora;

import static org.assertj.core.api.Assertions.assertThat;

import io.palimpsest.contracts.model.ModelManifest;
import io.palimpsest.platform.tokens.EmbedderTokenizer;
import io.palimpsest.retrain.tune.Cancellation;
import io.palimpsest.retrain.tune.TestModels;
import io.palimpsest.retrain.tune.TinySnapshot;
import io.palimpsest.retrain.tune.TrainingConfig;
import io.palimpsest.retrain.tune.TrainingJob;
import io.palimpsest.retrain.tune.TrainingLimits;
import io.palimpsest.retrain.tune.TrainingProgress;
import io.palimpsest.retrain.tune.encoder.OnnxEncoder;
import io.palimpsest.retrain.tune.jvm.ChildMain;
import java.nio.file.Path;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Six steps with merge and parity, and what must not change a byte of the result. */
final class LoraTrainingIT {
    @TempDir
    Path folder = Path.of("");

    /**
     * Collects garbage many times in every step: what DJL forgets to hold is gone before it is used. Without a pause in between
     * the training gets no processor for minutes.
     */
    static final class CollectingMain {
        private static final long PAUSE_NANOS = 20_000_000;

        public static void main(String[] arguments) {
            Thread collector = new Thread(() -> {
                while (true) {
                    System.gc();
                    LockSupport.parkNanos(PAUSE_NANOS);
                }
            });
            collector.setDaemon(true);
            collector.start();
            ChildMain.run(arguments, new LoraProgram());
        }
    }

    private ModelManifest train(String name, Class<?> main, TrainingConfig config) {
        TinySnapshot.write(folder.resolve("snapshot"));
        return new LoraTrainer(TestModels.miniLm(), TestModels.natives(), main)
                .train(
                        new TrainingJob(folder.resolve("snapshot"), folder.resolve(name), config),
                        TrainingProgress.none(),
                        Cancellation.never());
    }

    private static TrainingConfig config() {
        return TestModels.sixSteps(TrainingConfig.lora("tiny", 1));
    }

    private static double cosine(float[] a, float[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += (double) a[i] * b[i];
        }
        return sum;
    }

    @Test
    void encoderIsMergedQuantisedAndDifferentFromItsBase() {
        ModelManifest manifest = train("model", LoraMain.class, config());
        assertThat(manifest.kind()).isEqualTo(ModelManifest.Kind.ENCODER);
        assertThat(manifest.files())
                .containsOnlyKeys("adapter.safetensors", "model.onnx", "model-int8.onnx", "training.json");
        String text = "why does the boiler rumble";
        Path model = folder.resolve("model");
        try (EmbedderTokenizer tokenizer = EmbedderTokenizer.miniLm(TestModels.natives());
                OnnxEncoder base = new OnnxEncoder(TestModels.miniLm().fp32(), 1);
                OnnxEncoder fp32 = new OnnxEncoder(model.resolve("model.onnx"), 1);
                OnnxEncoder int8 = new OnnxEncoder(model.resolve("model-int8.onnx"), 1)) {
            long[] ids = tokenizer.encode(text, 64).ids();
            assertThat(fp32.embed(ids)).isNotEqualTo(base.embed(ids));
            assertThat(cosine(fp32.embed(ids), base.embed(ids))).isGreaterThan(0.9);
            assertThat(cosine(int8.embed(ids), fp32.embed(ids))).isGreaterThan(0.97);
        }
    }

    @Test
    void garbageCollectionsInEveryStepChangeNoByte() {
        assertThat(train("collected", CollectingMain.class, config()))
                .isEqualTo(train("calm", LoraMain.class, config()));
    }

    @Test
    void oneThreadGivesTheBytesOfTwo() {
        TrainingLimits limits = config().limits();
        TrainingLimits one =
                new TrainingLimits(limits.time(), limits.silence(), limits.memoryMib(), 1, limits.checkpointEvery());
        assertThat(train("one", LoraMain.class, config().withLimits(one)))
                .isEqualTo(train("two", LoraMain.class, config()));
    }

    @Test
    void otherSeedGivesAnotherModel() {
        assertThat(train("seven", LoraMain.class, TestModels.sixSteps(TrainingConfig.lora("tiny", 7)))
                        .id())
                .isNotEqualTo(train("one", LoraMain.class, config()).id());
    }
}
