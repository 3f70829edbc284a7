package io.palimpsest.retrain.tune.lora;

import io.palimpsest.retrain.tune.jvm.ChildMain;

/** The process of {@link LoraTrainer}. */
final class LoraMain {
    private LoraMain() {}

    public static void main(String[] arguments) {
        ChildMain.run(arguments, new LoraProgram());
    }
}
