package io.palimpsest.retrain.tune.jvm;

import static org.assertj.core.api.Assertions.assertThat;

import io.palimpsest.contracts.event.Json;
import io.palimpsest.contracts.id.ModelId;
import io.palimpsest.retrain.tune.TrainingConfig;
import io.palimpsest.retrain.tune.TrainingLimits;
import io.palimpsest.retrain.tune.TrainingReport;
import io.palimpsest.retrain.tune.encoder.EncoderFiles;
import io.palimpsest.retrain.tune.process.ExitStatus;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ChildMainTest {
    @TempDir
    Path folder = Path.of("");

    /** Says that it has begun, prints as libraries do, then waits for ever. */
    static final class Waiting {
        public static void main(String[] arguments) {
            ChildMain.run(arguments, (task, progress) -> {
                System.out.println("a library prints");
                progress.report(TrainingReport.of("train", task.config().maxSteps(), 9));
                try {
                    new CountDownLatch(1).await();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            });
        }
    }

    /** Asks for more than there is. */
    static final class Greedy {
        public static void main(String[] arguments) {
            ChildMain.run(
                    arguments,
                    (task, progress) ->
                            progress.report(TrainingReport.of("train", new long[Integer.MAX_VALUE - 8].length, 0)));
        }
    }

    /** Lacks a native library. */
    static final class Unlinked {
        public static void main(String[] arguments) {
            ChildMain.run(arguments, (task, progress) -> System.loadLibrary("nowhere-to-be-found"));
        }
    }

    private Process start(Class<?> main) throws IOException {
        Path task = folder.resolve("task.json");
        EncoderFiles base = new EncoderFiles(new ModelId("m/fp32/0"), folder, null, 512, 12);
        TrainingConfig config = TrainingConfig.lora("m", 1).withMaxSteps(5);
        Files.write(
                task,
                Json.write(new TrainingTask(folder, folder, folder, config, TrainingLimits.standard(), base, folder)));
        return new ProcessBuilder(List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx64m",
                        "-cp",
                        System.getProperty("java.class.path"),
                        main.getName(),
                        task.toString()))
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
    }

    @Test
    void processEndsWhenItsParentIsGone() throws Exception {
        Process process = start(Waiting.class);
        try (BufferedReader reports = process.inputReader()) {
            assertThat(reports.readLine()).isEqualTo("{\"phase\":\"train\",\"step\":5,\"steps\":9}");
            process.getOutputStream().close();
            assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        } finally {
            process.destroyForcibly();
        }
    }

    @Test
    void heapThatIsFullIsToldApart() throws Exception {
        assertThat(start(Greedy.class).waitFor()).isEqualTo(ExitStatus.OUT_OF_MEMORY);
    }

    @Test
    void missingLibraryIsToldApart() throws Exception {
        assertThat(start(Unlinked.class).waitFor()).isEqualTo(ExitStatus.UNAVAILABLE);
    }
}
