package io.palimpsest.retrain.drift.measure;

import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Per window size and signal, the value beyond which a window has drifted.
 *
 * @param bySize samples of a window to thresholds; a signal that the reference says nothing of is absent
 */
public record Thresholds(Map<Integer, Map<Signal, Double>> bySize) {
    public Thresholds {
        TreeMap<Integer, Map<Signal, Double>> copy = new TreeMap<>();
        bySize.forEach((size, thresholds) -> copy.put(size, Map.copyOf(new EnumMap<>(thresholds))));
        bySize = java.util.Collections.unmodifiableMap(copy);
    }

    /** Of the largest calibrated size that the window reaches: the smaller the size, the higher the threshold. Empty below all. */
    public Optional<Double> of(Signal signal, long samples) {
        Optional<Double> found = Optional.empty();
        for (Map.Entry<Integer, Map<Signal, Double>> entry : bySize.entrySet()) {
            Double threshold = entry.getValue().get(signal);
            if (entry.getKey() <= samples && threshold != null) {
                found = Optional.of(threshold);
            }
        }
        return found;
    }

    /** The smallest window that can be judged; {@code Long.MAX_VALUE} when none can. */
    public long least() {
        return bySize.keySet().stream().mapToLong(Integer::longValue).min().orElse(Long.MAX_VALUE);
    }
}
