package io.palimpsest.platform.config;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a candidate model must show before it may be promoted.
 *
 * @param minimumQueries that a slice needs to decide anything
 * @param tolerance greatest mean loss of nDCG@10 on a guarded slice, 0 to 0.5
 * @param tolerances by the name of a slice, where it differs
 * @param forgetting greatest mean loss on the frozen general slice, 0 to 0.5
 * @param latencyRatio greatest 95th percentile of latency, as a multiple of the serving model's, 1 or more
 * @param latencyFloorMillis below it latency is never too high
 */
public record PromotionSettings(
        int minimumQueries,
        double tolerance,
        Map<String, Double> tolerances,
        double forgetting,
        double latencyRatio,
        int latencyFloorMillis) {
    private static final String SLICES = "gate.promotion.tolerance.slices";
    private static final String SLICE = "test-";
    private static final double MOST = 0.5;

    public PromotionSettings {
        tolerances = Map.copyOf(tolerances);
    }

    static void define(Definition definition) {
        definition
                .group("Gate of candidate models")
                .integer(
                        "gate.promotion.minimum.queries",
                        20,
                        2,
                        100_000,
                        "Judged queries that a slice needs to decide anything: with fewer no gain is shown, and nothing is guarded.")
                .ratio(
                        "gate.promotion.tolerance",
                        0.01,
                        0,
                        MOST,
                        "Greatest mean loss of nDCG@10 on a guarded slice. A loss that is surely one is refused however small.")
                .list(SLICES, "", "Slices with a tolerance of their own, such as test-later=0.02,test-tag-codes=0.")
                .ratio(
                        "gate.promotion.forgetting",
                        0.01,
                        0,
                        MOST,
                        "Greatest mean loss of nDCG@10 on the frozen general questions.")
                .ratio(
                        "gate.promotion.latency.ratio",
                        1.5,
                        1,
                        100,
                        "Greatest 95th percentile of a candidate's search time, as a multiple of the serving model's.")
                .integer(
                        "gate.promotion.latency.floor.ms",
                        50,
                        0,
                        600_000,
                        "Milliseconds below which a search is never too slow.");
    }

    static PromotionSettings of(Values values) {
        Map<String, Double> tolerances = new HashMap<>();
        values.list(SLICES)
                .forEach(item -> slice(item).ifPresent(slice -> tolerances.put(slice.getKey(), slice.getValue())));
        return new PromotionSettings(
                values.integer("gate.promotion.minimum.queries"),
                values.ratio("gate.promotion.tolerance"),
                tolerances,
                values.ratio("gate.promotion.forgetting"),
                values.ratio("gate.promotion.latency.ratio"),
                values.integer("gate.promotion.latency.floor.ms"));
    }

    /** What no single value can be checked for. */
    static List<String> problems(Values values) {
        List<String> problems = new ArrayList<>();
        for (String item : values.list(SLICES)) {
            if (slice(item).isEmpty()) {
                problems.add(SLICES + ": " + item + " is not a slice and a loss from 0 to " + MOST
                        + ", such as test-later=0.02");
            }
        }
        return problems;
    }

    private static Optional<Map.Entry<String, Double>> slice(String item) {
        String[] parts = item.split("=", -1);
        if (parts.length != 2 || !parts[0].strip().startsWith(SLICE)) {
            return Optional.empty();
        }
        try {
            double loss = Double.parseDouble(parts[1].strip());
            return loss >= 0 && loss <= MOST ? Optional.of(Map.entry(parts[0].strip(), loss)) : Optional.empty();
        } catch (NumberFormatException e) {
            return Optional.empty();
        }
    }
}
