package io.palimpsest.retrain.tune.adapter;

import io.palimpsest.contracts.model.ModelManifest;
import io.palimpsest.retrain.tune.HardNegatives;
import io.palimpsest.retrain.tune.SnapshotFolder;
import io.palimpsest.retrain.tune.TrainingConfig;
import io.palimpsest.retrain.tune.TrainingFrame;
import io.palimpsest.retrain.tune.TrainingLoop;
import io.palimpsest.retrain.tune.TrainingProgress;
import io.palimpsest.retrain.tune.TrainingReport;
import io.palimpsest.retrain.tune.jvm.TrainingProgram;
import io.palimpsest.retrain.tune.jvm.TrainingTask;
import java.io.IOException;
import java.nio.file.Files;

/** The adapter from snapshot to model: embed what has no vector, train, write. */
final class AdapterProgram implements TrainingProgram {
    /** Texts between two signs of life. */
    private static final int REPORT_EVERY = 100;

    @Override
    public void train(TrainingTask task, TrainingProgress progress) throws IOException {
        TrainingConfig config = task.config();
        SnapshotFolder snapshot = SnapshotFolder.open(task.snapshot());
        EmbeddedSet train;
        EmbeddedSet validation;
        int[] embedded = new int[1];
        try (SetEmbedder embedder = new SetEmbedder(task, snapshot.vectors(), () -> {
            if (embedded[0]++ % REPORT_EVERY == 0) {
                progress.report(TrainingReport.of("embed", 0, 0));
            }
        })) {
            train = embedder.embed(snapshot.train());
            validation = embedder.embed(snapshot.validation());
        }
        LowRankAdapter adapter =
                LowRankAdapter.initial(train.queries().getFirst().length, config.rank(), config.seed());
        AdapterSteps steps = new AdapterSteps(
                config, train, validation, HardNegatives.mine(train.set(), train.queries(), train.passages()), adapter);
        new TrainingLoop(config, task.limits(), progress, task.work().resolve("checkpoint")).run(steps);
        Files.write(
                task.model().resolve(ModelManifest.ADAPTER),
                adapter.toSafetensors().toBytes());
        new TrainingFrame.Draft(
                        ModelManifest.Kind.QUERY_ADAPTER,
                        adapter.dimensions(),
                        task.base().maxTokens())
                .write(task.model());
    }
}
