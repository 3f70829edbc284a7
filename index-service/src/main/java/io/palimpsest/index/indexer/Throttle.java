package io.palimpsest.index.indexer;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/**
 * Makes background work yield: to changes that are being applied, and to whatever else the machine is for.
 *
 * @param percent of the time that the work may take while nothing else is due, 1 to 100
 * @param busy whether changes are being applied
 */
public record Throttle(int percent, BooleanSupplier busy) {
    private static final long LOOK_NANOS = Duration.ofMillis(20).toNanos();
    /** Under changes without end the work still gets one part in five. Arbitrary. */
    private static final int LONGEST_YIELD = 4;

    /** After a piece of work; until {@code stop} at the latest. */
    public void pauseAfter(Duration worked, BooleanSupplier stop) {
        long nanos = worked.toNanos();
        long began = System.nanoTime();
        long least = nanos * (100 - percent) / percent;
        long most = Math.max(least, nanos * LONGEST_YIELD);
        while (!stop.getAsBoolean()) {
            long waited = System.nanoTime() - began;
            if (waited >= most || (waited >= least && !busy.getAsBoolean())) {
                return;
            }
            LockSupport.parkNanos(LOOK_NANOS);
        }
    }
}
