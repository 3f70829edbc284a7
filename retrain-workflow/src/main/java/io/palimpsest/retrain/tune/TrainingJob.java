package io.palimpsest.retrain.tune;

import java.nio.file.Path;

/**
 * What is trained, and where to.
 *
 * @param snapshot folder, see {@link SnapshotFolder}
 * @param output the model's folder: made by the trainer, complete from its first moment. Beside it lies the checkpoint
 *     ({@link #work()}) until the model is there
 * @param log what the trainer's process said: may hold what the training texts say, so it is read by operators only
 */
public record TrainingJob(Path snapshot, Path output, Path log, TrainingConfig config) {
    public TrainingJob {
        snapshot = snapshot.toAbsolutePath().normalize();
        output = output.toAbsolutePath().normalize();
        log = log.toAbsolutePath().normalize();
    }

    /** With the log beside the output. */
    public TrainingJob(Path snapshot, Path output, TrainingConfig config) {
        this(snapshot, output, output.resolveSibling(output.getFileName() + ".log"), config);
    }

    /** Checkpoint and what is not finished; may be deleted at any time when nobody trains. */
    public Path work() {
        return output.resolveSibling(output.getFileName() + ".work");
    }
}
