package io.palimpsest.retrain.evaluate;

import io.palimpsest.platform.config.PromotionSettings;
import java.util.Map;

/**
 * What a candidate must show.
 *
 * @param measure that decides
 * @param minimumQueries that a slice needs to decide anything
 * @param tolerance greatest mean loss on a guarded slice, above 0
 * @param tolerances by the name of a slice, where it differs
 * @param forgetting greatest mean loss on a general slice
 * @param latencyRatio greatest 95th percentile of latency, as a multiple of the serving model's
 * @param latencyFloorMillis below it latency is never too high
 */
public record GateRules(
        Measure measure,
        int minimumQueries,
        double tolerance,
        Map<String, Double> tolerances,
        double forgetting,
        double latencyRatio,
        double latencyFloorMillis) {
    /** As the settings are by default. Arbitrary, but for the tolerances: half of the gain that fine-tuning brings where it helps (trials: 0.02 after fusion). */
    public static final GateRules NORMAL = new GateRules(Measure.NDCG_AT_10, 20, 0.01, Map.of(), 0.01, 1.5, 50);

    public GateRules {
        tolerances = Map.copyOf(tolerances);
    }

    public static GateRules of(PromotionSettings settings) {
        return new GateRules(
                NORMAL.measure(),
                settings.minimumQueries(),
                settings.tolerance(),
                settings.tolerances(),
                settings.forgetting(),
                settings.latencyRatio(),
                settings.latencyFloorMillis());
    }

    double toleranceOf(String slice) {
        return tolerances.getOrDefault(slice, tolerance);
    }
}
