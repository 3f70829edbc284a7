package io.palimpsest.retrain.timer;

import java.time.Duration;
import java.time.Instant;

/**
 * Every so often, counted from 1970 (UTC), as Temporal counts the intervals of its schedules: all processes mean the same times.
 *
 * @param every positive
 * @param offset from 0 to below {@code every}: of a day, the time of the day
 */
public record Rhythm(Duration every, Duration offset) {
    public Rhythm {
        if (!every.isPositive() || offset.isNegative() || offset.compareTo(every) >= 0) {
            throw new IllegalArgumentException("every " + every + " at " + offset);
        }
    }

    /** The first time after this one. */
    public Instant after(Instant instant) {
        long since = Math.subtractExact(instant.toEpochMilli(), offset.toMillis());
        long next = Math.floorDiv(since, every.toMillis()) + 1;
        return Instant.ofEpochMilli(Math.addExact(Math.multiplyExact(next, every.toMillis()), offset.toMillis()));
    }
}
