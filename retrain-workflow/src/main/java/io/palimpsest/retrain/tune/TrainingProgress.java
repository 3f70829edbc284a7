package io.palimpsest.retrain.tune;

/** Hears how a training goes: for heartbeats and for people. */
@FunctionalInterface
public interface TrainingProgress {
    void report(TrainingReport report);

    /** Called about once a second while the trainer works, also when it has nothing to report. */
    default void working() {}

    /** What the training has taken so far, from its begin; at least at its end, good or bad. */
    default void used(TrainingUse all) {}

    /** Hears nothing. */
    static TrainingProgress none() {
        return report -> {};
    }
}
