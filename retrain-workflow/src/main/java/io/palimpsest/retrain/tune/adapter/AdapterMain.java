package io.palimpsest.retrain.tune.adapter;

import io.palimpsest.retrain.tune.jvm.ChildMain;

/** The process of {@link AdapterTrainer}. */
final class AdapterMain {
    private AdapterMain() {}

    public static void main(String[] arguments) {
        ChildMain.run(arguments, new AdapterProgram());
    }
}
