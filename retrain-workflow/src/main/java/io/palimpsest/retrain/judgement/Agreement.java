package io.palimpsest.retrain.judgement;

import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.OptionalDouble;
import java.util.TreeMap;

/**
 * Krippendorff's alpha for ordinal grades (Krippendorff 2011, "Computing Krippendorff's Alpha-Reliability", §E): 1 is perfect
 * agreement, 0 that of chance, below 0 systematic disagreement.
 */
public final class Agreement {
    private Agreement() {}

    /**
     * @param units what each reviewer gave, per item, in any order; items with fewer than two grades count for nothing
     * @return empty where there are no pairs, or all grades are the same: then there is nothing to agree on
     */
    public static OptionalDouble ordinalAlpha(List<List<Integer>> units) {
        NavigableMap<Integer, Double> totals = new TreeMap<>();
        units.stream()
                .filter(unit -> unit.size() > 1)
                .flatMap(List::stream)
                .forEach(grade -> totals.merge(grade, 1.0, Double::sum));
        double count = sum(totals);
        double expected = 0;
        for (int c : totals.keySet()) {
            for (int k : totals.keySet()) {
                expected += at(totals, c) * at(totals, k) * distance(totals, c, k);
            }
        }
        if (expected == 0) {
            return OptionalDouble.empty();
        }
        double observed = 0;
        for (List<Integer> unit : units) {
            observed += unit.size() > 1 ? disagreement(unit, totals) : 0;
        }
        return OptionalDouble.of(1 - (count - 1) * observed / expected);
    }

    private static double disagreement(List<Integer> unit, NavigableMap<Integer, Double> totals) {
        double sum = 0;
        for (int i = 0; i < unit.size(); i++) {
            for (int j = 0; j < unit.size(); j++) {
                sum += i == j ? 0 : distance(totals, unit.get(i), unit.get(j));
            }
        }
        return sum / (unit.size() - 1);
    }

    /** Squared: how many grades lie between the two, half of their own included. */
    private static double distance(NavigableMap<Integer, Double> totals, int one, int other) {
        int low = Math.min(one, other);
        int high = Math.max(one, other);
        if (low == high) {
            return 0;
        }
        double between = sum(totals.subMap(low, true, high, true)) - (at(totals, low) + at(totals, high)) / 2;
        return between * between;
    }

    private static double sum(Map<Integer, Double> totals) {
        return totals.values().stream().mapToDouble(Double::doubleValue).sum();
    }

    private static double at(Map<Integer, Double> totals, int grade) {
        return totals.getOrDefault(grade, 0.0);
    }
}
