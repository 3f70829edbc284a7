package io.palimpsest.contracts.event;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.palimpsest.contracts.id.CollectionKey;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Hop 8: one signal of one window, compared with the reference. Exactly one per signal and window.
 *
 * @param windowId collection, signal and number of the window: the same window has the same id
 * @param signal such as {@code query-embedding}
 * @param from inclusive
 * @param to exclusive
 * @param samples in the window
 * @param value of the statistic; null where the window has too few samples
 * @param threshold calibrated on the reference; null while there is none
 * @param crossed whether the value is beyond the threshold; the policy makes alarms from several
 * @param selfTest whether the drift was injected, to prove that the alarm works
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record DriftMeasured(
        String windowId,
        CollectionKey collection,
        String signal,
        Instant from,
        Instant to,
        long samples,
        @Nullable Double value,
        @Nullable Double threshold,
        boolean crossed,
        boolean selfTest) {}
