package io.palimpsest.retrain.tune;

/** Hears how a training goes: for heartbeats and for people. */
@FunctionalInterface
public interface TrainingProgress {
    void report(TrainingReport report);

    /** Called about once a second while the trainer works, also when it has nothing to report. */
    default void working() {}

    /** Hears nothing. */
    static TrainingProgress none() {
        return report -> {};
    }
}
