package io.palimpsest.retrain.drift.measure;

import org.jspecify.annotations.Nullable;

/**
 * One signal of one window.
 *
 * @param value null where the window has too few samples of it, or nothing to compare it with
 * @param threshold null while there is none
 */
public record Measured(
        Signal signal,
        long samples,
        @Nullable Double value,
        @Nullable Double threshold) {
    public boolean crossed() {
        return value != null && threshold != null && value > threshold;
    }
}
