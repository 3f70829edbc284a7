package io.palimpsest.retrain.tune.adapter;

import io.palimpsest.retrain.tune.TestModels;
import io.palimpsest.retrain.tune.Trainer;
import io.palimpsest.retrain.tune.TrainerContract;
import io.palimpsest.retrain.tune.TrainingConfig;
import io.palimpsest.retrain.tune.jvm.ChildMain;
import io.palimpsest.retrain.tune.jvm.FaultyProgram;

final class AdapterTrainerContractIT extends TrainerContract {
    /** The trainer's process. */
    static final class Main {
        public static void main(String[] arguments) {
            ChildMain.run(arguments, new FaultyProgram(new AdapterProgram()));
        }
    }

    @Override
    protected Trainer trainer() {
        return new AdapterTrainer(TestModels.miniLm(), TestModels.natives(), Main.class);
    }

    @Override
    protected TrainingConfig config() {
        return TestModels.sixSteps(TrainingConfig.adapter("tiny", 1));
    }
}
