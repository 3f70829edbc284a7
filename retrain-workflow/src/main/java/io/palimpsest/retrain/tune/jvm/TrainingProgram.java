package io.palimpsest.retrain.tune.jvm;

import io.palimpsest.retrain.tune.TrainingProgress;
import java.io.IOException;

/** A training, as it runs in a process of its own. */
@FunctionalInterface
public interface TrainingProgram {
    /** Leaves the model's files and a {@code TrainingFrame.Draft} in the task's model folder. */
    void train(TrainingTask task, TrainingProgress progress) throws IOException;
}
