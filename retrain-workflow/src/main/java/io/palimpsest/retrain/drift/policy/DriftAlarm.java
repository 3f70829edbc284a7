package io.palimpsest.retrain.drift.policy;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.palimpsest.contracts.id.CollectionKey;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Something to act on, once: what follows from it is started under its id.
 *
 * @param id the same from the same measurements
 */
public record DriftAlarm(String id, CollectionKey collection, Kind kind, List<Evidence> evidence, Instant raisedAt) {
    /** What it says. */
    public enum Kind {
        /** Signals are beyond their thresholds. */
        DRIFT,
        /** Nothing would be noticed: injected drift was not found, or nothing is measured while queries come. */
        DEAD
    }

    public DriftAlarm {
        evidence = List.copyOf(evidence);
    }

    /**
     * One series of windows.
     *
     * @param windowId the last that was judged; empty where there is none
     * @param crossings of the last windows
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Evidence(
            String signal,
            String windowId,
            @Nullable Double value,
            @Nullable Double threshold,
            int crossings,
            String says) {}
}
