package io.palimpsest.retrain.workflow;

import io.palimpsest.platform.telemetry.Telemetry;
import io.palimpsest.retrain.tune.TrainingReport;
import java.time.Duration;

/** Hears how runs go in this process. Threading: called from many threads. */
public interface RunObserver {
    /** Hears nothing. */
    RunObserver NONE = new RunObserver() {};

    /** Tells it as metrics. */
    static RunObserver metrics(Telemetry telemetry) {
        return new RunMetrics(telemetry);
    }

    /** @param done whether the step is recorded; otherwise it failed */
    default void stepped(Stage stage, boolean done, Duration took) {}

    default void ended(Outcome outcome) {}

    default void training(String trainer, TrainingReport report) {}

    /** Whatever came of it. */
    default void trained() {}
}
