package io.palimpsest.retrain.workflow;

import io.palimpsest.platform.telemetry.Metric;
import io.palimpsest.platform.telemetry.Telemetry;
import io.palimpsest.retrain.tune.TrainingReport;
import java.time.Duration;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What runs in this process do, as metrics. Threading: safe; a process trains one model at a time. */
final class RunMetrics implements RunObserver {
    private final Telemetry telemetry;
    private int steps;
    private @Nullable TrainingReport last;

    RunMetrics(Telemetry telemetry) {
        this.telemetry = telemetry;
        for (Outcome outcome : Outcome.values()) { // an increase is seen only of what was there
            telemetry.count(Metric.RUNS_ENDED, 0, word(outcome));
        }
        telemetry.gauge(Metric.TRAINING_LOSS, () -> figure(TrainingReport::loss), "train");
        telemetry.gauge(Metric.TRAINING_LOSS, () -> figure(TrainingReport::validationLoss), "validation");
        telemetry.gauge(Metric.TRAINING_REMAINING, () -> figure(TrainingReport::remainingSeconds));
    }

    @Override
    public void stepped(Stage stage, boolean done, Duration took) {
        telemetry.time(Metric.RUN_STEP, took, word(stage), done ? "done" : "failed");
    }

    @Override
    public void ended(Outcome outcome) {
        telemetry.count(Metric.RUNS_ENDED, word(outcome));
    }

    @Override
    public synchronized void training(String trainer, TrainingReport report) {
        if (report.step() > steps && last != null) { // the first report may be of a checkpoint gone on from
            telemetry.count(Metric.TRAINING_STEPS, report.step() - steps, trainer);
        }
        steps = report.step();
        last = merged(report);
    }

    @Override
    public synchronized void trained() {
        steps = 0;
        last = null;
    }

    /** A report says what it knows anew; the validation's loss is looked at more rarely than a step is made. */
    private TrainingReport merged(TrainingReport report) {
        TrainingReport before = last;
        return before == null
                ? report
                : new TrainingReport(
                        report.phase(),
                        report.step(),
                        report.steps(),
                        or(report.loss(), before.loss()),
                        or(report.validationLoss(), before.validationLoss()),
                        report.remainingSeconds());
    }

    private static @Nullable Double or(@Nullable Double now, @Nullable Double before) {
        return now == null ? before : now;
    }

    /** One figure of a report. */
    @FunctionalInterface
    private interface Figure {
        @Nullable
        Double of(TrainingReport report);
    }

    private synchronized double figure(Figure figure) {
        return last == null ? Double.NaN : Objects.requireNonNullElse(figure.of(last), Double.NaN);
    }

    private static String word(Enum<?> one) {
        return one.name().toLowerCase(Locale.ROOT);
    }
}
