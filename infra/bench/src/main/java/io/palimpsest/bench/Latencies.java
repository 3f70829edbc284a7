package io.palimpsest.bench;

import java.util.Arrays;
import java.util.Collection;
import java.util.Map;
import java.util.TreeMap;

/** Milliseconds of many calls, by their quantiles. */
final class Latencies {
    private final double[] sorted;

    private Latencies(double[] sorted) {
        this.sorted = sorted;
    }

    /** @param millis at least one, in any order; left as they are */
    static Latencies of(double... millis) {
        if (millis.length == 0) {
            throw new IllegalArgumentException("nothing was timed");
        }
        double[] sorted = millis.clone();
        Arrays.sort(sorted);
        return new Latencies(sorted);
    }

    static Latencies of(Collection<Double> millis) {
        return of(millis.stream().mapToDouble(Double::doubleValue).toArray());
    }

    int count() {
        return sorted.length;
    }

    double p50() {
        return quantile(0.5);
    }

    double p99() {
        return quantile(0.99);
    }

    double max() {
        return sorted[sorted.length - 1];
    }

    /** For a {@link Report}; the caller's to add to. */
    Map<String, Object> row() {
        Map<String, Object> row = new TreeMap<>();
        row.put("count", count());
        row.put("p50Millis", p50());
        row.put("p95Millis", quantile(0.95));
        row.put("p99Millis", p99());
        return row;
    }

    /** @param share below 1 */
    double quantile(double share) {
        return sorted[(int) (sorted.length * share)];
    }
}
