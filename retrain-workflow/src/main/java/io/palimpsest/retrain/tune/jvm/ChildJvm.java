package io.palimpsest.retrain.tune.jvm;

import io.palimpsest.contracts.event.Json;
import io.palimpsest.contracts.model.ModelManifest;
import io.palimpsest.platform.file.FolderTree;
import io.palimpsest.retrain.tune.Cancellation;
import io.palimpsest.retrain.tune.TrainingFrame;
import io.palimpsest.retrain.tune.TrainingJob;
import io.palimpsest.retrain.tune.TrainingLimits;
import io.palimpsest.retrain.tune.TrainingProgress;
import io.palimpsest.retrain.tune.encoder.EncoderFiles;
import io.palimpsest.retrain.tune.process.ProcessTraining;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * Trains in a JVM of its own, with this one's Java and class path.
 *
 * @param main class with a main method that calls {@link ChildMain#run}
 * @param heapMib of its Java heap; weights and gradients lie outside of it
 * @param natives where native libraries are unpacked, once for all trainings: under the data directory
 */
public record ChildJvm(String trainer, Class<?> main, int heapMib, EncoderFiles base, Path natives) {
    /** As {@code Trainer.train}. */
    public ModelManifest train(TrainingJob job, TrainingProgress progress, Cancellation cancellation) {
        TrainingFrame frame = TrainingFrame.of(job, trainer, List.of(base.id()));
        frame.snapshot().train(); // fails here, before a process is started
        return frame.run((work, model) -> {
            TrainingLimits limits = job.config().limits();
            Path task = work.resolve("task.json");
            Files.write(
                    task,
                    Json.write(new TrainingTask(
                            job.snapshot(), work, model, job.config(), limits, base, natives.toAbsolutePath())));
            Path temporary = work.resolve("tmp");
            FolderTree.delete(temporary);
            Files.createDirectory(temporary);
            try {
                new ProcessTraining(job)
                        .run(command(task, temporary, limits), environment(limits), progress, cancellation);
            } finally {
                FolderTree.delete(temporary);
            }
        });
    }

    /** @param temporary libraries that unpack themselves leave tens of megabytes behind when their process is ended */
    private List<String> command(Path task, Path temporary, TrainingLimits limits) {
        return List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx" + heapMib + "m",
                "-XX:+UseSerialGC",
                "-XX:ActiveProcessorCount=" + limits.threads(),
                // Native loaders recurse along the model's graph.
                "-Xss64m",
                "--enable-native-access=ALL-UNNAMED",
                "-Djava.io.tmpdir=" + temporary,
                "-Dai.djl.pytorch.num_threads=" + limits.threads(),
                "-Dai.djl.pytorch.num_interop_threads=1",
                "-Dai.djl.offline=true",
                "-cp",
                System.getProperty("java.class.path"),
                main.getName(),
                task.toString());
    }

    /** Waiting threads must sleep, not spin: on busy cores a step took 8.2 instead of 2.8 CPU seconds. */
    private Map<String, String> environment(TrainingLimits limits) {
        return Map.of(
                "OMP_WAIT_POLICY", "PASSIVE",
                "GOMP_SPINCOUNT", "0",
                "OMP_NUM_THREADS", Integer.toString(limits.threads()),
                // Sums in one order, however many threads there are: without it some processors give other bytes.
                "MKL_CBWR", "AVX2,STRICT",
                "MALLOC_ARENA_MAX", "2",
                "DJL_CACHE_DIR", natives.toAbsolutePath().toString(),
                "DJL_OFFLINE", "true",
                "OPT_OUT_TRACKING", "true");
    }
}
