package io.palimpsest.retrain.snapshot;

import io.palimpsest.retrain.tune.Cancellation;
import io.palimpsest.retrain.tune.TestModels;
import io.palimpsest.retrain.tune.TrainingConfig;
import io.palimpsest.retrain.tune.TrainingJob;
import io.palimpsest.retrain.tune.TrainingProgress;
import io.palimpsest.retrain.tune.command.CommandTrainer;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** A process that trains with a program that says what it reads, and then never ends by itself. */
final class InterruptedTraining {
    static final long SEED = 11;
    static final int DOCUMENTS = 60;

    private InterruptedTraining() {}

    /** Argument: the data directory. */
    public static void main(String[] arguments) {
        Path folder = Path.of(arguments[0]);
        try (LabelledHouse house = new LabelledHouse(folder, SEED, DOCUMENTS);
                ClearFolders clear = house.clear()) {
            house.publish();
            try (ClearFolders.ClearFolder readable = clear.of(house.snapshot(60))) {
                new CommandTrainer(
                                "command/talkative",
                                // Its input ends with us.
                                List.of("/bin/sh", "-c", "cat \"$PALIMPSEST_SNAPSHOT/train.jsonl\"; cat > /dev/null"),
                                Map.of(),
                                List.of())
                        .train(
                                new TrainingJob(
                                        readable.snapshot(),
                                        folder.resolve("runs/r/model"),
                                        readable.log(),
                                        TestModels.sixSteps(TrainingConfig.adapter("talkative", 1))),
                                TrainingProgress.none(),
                                Cancellation.never());
            }
        }
    }
}
