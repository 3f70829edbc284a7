package io.palimpsest.retrain.workflow;

import static org.assertj.core.api.Assertions.assertThat;

import io.palimpsest.platform.telemetry.Telemetry;
import io.palimpsest.retrain.tune.TrainingReport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class RunMetricsTest {
    private final Telemetry telemetry = Telemetry.local();
    private final RunMetrics metrics = new RunMetrics(telemetry);

    @AfterEach
    void close() {
        telemetry.close();
    }

    @Test
    void aTrainingTellsItsStepsItsLossAndWhatRemains() {
        metrics.training("lora", TrainingReport.of("prepare", 0, 0));
        metrics.training("lora", new TrainingReport("train", 3, 40, 0.9, null, 80.0));
        metrics.training("lora", new TrainingReport("train", 10, 40, 0.7, 0.8, 60.0));
        metrics.training("lora", new TrainingReport("train", 12, 40, 0.6, null, 55.0));

        assertThat(telemetry.scrape())
                .contains("palimpsest_training_steps_total{trainer=\"lora\"} 12.0")
                .contains("palimpsest_training_loss{on=\"train\"} 0.6")
                .contains("palimpsest_training_loss{on=\"validation\"} 0.8")
                .contains("palimpsest_training_remaining_seconds 55.0");
    }

    @Test
    void oneThatGoesOnAtACheckpointCountsItsOwnStepsOnly() {
        metrics.training("lora", new TrainingReport("train", 30, 40, 0.5, null, 20.0));
        metrics.training("lora", new TrainingReport("train", 32, 40, 0.4, null, 15.0));

        assertThat(telemetry.scrape()).contains("palimpsest_training_steps_total{trainer=\"lora\"} 2.0");
    }

    @Test
    void whereNoneTrainsThereIsNoLoss() {
        metrics.training("adapter", new TrainingReport("train", 3, 40, 0.9, 0.9, 80.0));
        metrics.trained();

        assertThat(telemetry.scrape())
                .contains("palimpsest_training_loss{on=\"train\"} NaN")
                .contains("palimpsest_training_remaining_seconds NaN");
    }
}
