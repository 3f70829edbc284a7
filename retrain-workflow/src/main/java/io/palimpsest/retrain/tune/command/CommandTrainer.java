package io.palimpsest.retrain.tune.command;

import io.palimpsest.contracts.event.Json;
import io.palimpsest.contracts.id.ModelId;
import io.palimpsest.contracts.model.ModelManifest;
import io.palimpsest.retrain.tune.Cancellation;
import io.palimpsest.retrain.tune.Trainer;
import io.palimpsest.retrain.tune.TrainingConfig;
import io.palimpsest.retrain.tune.TrainingFrame;
import io.palimpsest.retrain.tune.TrainingJob;
import io.palimpsest.retrain.tune.TrainingProgress;
import io.palimpsest.retrain.tune.process.ProcessTraining;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Runs the operator's program: it finds the snapshot, an empty folder and a folder for checkpoints in its environment, reports on
 * standard output, and ends with a status. Whether the same input gives the same bytes is the program's affair.
 */
public final class CommandTrainer implements Trainer {
    public static final String SNAPSHOT = "PALIMPSEST_SNAPSHOT";
    public static final String OUTPUT = "PALIMPSEST_OUTPUT";
    public static final String CHECKPOINT = "PALIMPSEST_CHECKPOINT";
    /** File with the {@link TrainingConfig} as JSON. */
    public static final String CONFIG = "PALIMPSEST_CONFIG";

    public static final String SEED = "PALIMPSEST_SEED";
    /** Of the model to start from; absent where the program brings its own. */
    public static final String BASE = "PALIMPSEST_BASE";

    private final String name;
    private final List<String> command;
    private final Map<String, String> environment;
    private final List<ModelId> base;

    /**
     * @param name with the program's version, for manifests: such as {@code command/our-trainer-3}
     * @param command program and arguments
     * @param environment what else it needs, such as its credentials; nothing of ours is handed on
     * @param base empty where the program brings its own
     */
    public CommandTrainer(String name, List<String> command, Map<String, String> environment, List<ModelId> base) {
        this.name = name;
        this.command = List.copyOf(command);
        this.environment = Map.copyOf(environment);
        this.base = List.copyOf(base);
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public ModelManifest train(TrainingJob job, TrainingProgress progress, Cancellation cancellation) {
        TrainingFrame frame = TrainingFrame.of(job, name, base);
        frame.snapshot().train(); // fails here, before a process is started
        return frame.run((work, model) -> {
            Path checkpoint = Files.createDirectories(work.resolve("checkpoint"));
            Path config = work.resolve("config.json");
            Files.write(config, Json.write(job.config()));
            Map<String, String> all = new HashMap<>(environment);
            all.put(SNAPSHOT, job.snapshot().toString());
            all.put(OUTPUT, model.toString());
            all.put(CHECKPOINT, checkpoint.toString());
            all.put(CONFIG, config.toString());
            all.put(SEED, Long.toString(job.config().seed()));
            base.forEach(id -> all.put(BASE, id.value()));
            new ProcessTraining(job).run(command, all, progress, cancellation);
        });
    }
}
