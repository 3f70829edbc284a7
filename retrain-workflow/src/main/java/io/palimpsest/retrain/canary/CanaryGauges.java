package io.palimpsest.retrain.canary;

import io.palimpsest.platform.telemetry.Metric;
import io.palimpsest.platform.telemetry.Telemetry;
import java.time.Duration;
import java.time.InstantSource;

/** The canaries of the worst collection, of the last windows. */
public final class CanaryGauges {
    private CanaryGauges() {}

    /** @param every length of a window: what is older than three of them says nothing of now */
    public static void register(Telemetry telemetry, CanaryStore store, Duration every, InstantSource clock) {
        Duration old = every.multipliedBy(3);
        telemetry.gauge(
                Metric.CANARY_NDCG,
                () -> store.lowest(CanaryStore.Figure.NDCG, clock.instant().minus(old)));
        telemetry.gauge(
                Metric.CANARY_RECALL,
                () -> store.lowest(CanaryStore.Figure.RECALL, clock.instant().minus(old)));
        telemetry.gauge(
                Metric.CANARY_OVERLAP,
                () -> store.lowest(CanaryStore.Figure.OVERLAP, clock.instant().minus(old)));
    }
}
