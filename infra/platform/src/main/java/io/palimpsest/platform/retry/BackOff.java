package io.palimpsest.platform.retry;

import java.time.Duration;
import java.util.function.Function;

/**
 * How long to wait before the next attempt: doubles with each failure in a row.
 *
 * @param first after one failure
 * @param longest never more than this
 */
public record BackOff(Duration first, Duration longest) {
    public BackOff {
        if (first.isNegative() || longest.isNegative()) {
            throw new IllegalArgumentException("a pause of " + first + " at first, of " + longest + " at most");
        }
    }

    /** The same pause each time. */
    public static BackOff constant(Duration pause) {
        return new BackOff(pause, pause);
    }

    /**
     * Waits.
     *
     * @param interrupted makes the failure of a wait that an interrupt ends; the thread stays marked
     */
    public static <X extends Exception> void pause(Duration time, Function<InterruptedException, X> interrupted)
            throws X {
        try {
            Thread.sleep(time);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw interrupted.apply(e);
        }
    }

    /** @param failures in a row, at least 1 */
    public Duration after(int failures) {
        Duration pause = first;
        for (int i = 1; i < failures && pause.compareTo(longest) < 0; i++) {
            pause = pause.multipliedBy(2);
        }
        return pause.compareTo(longest) > 0 ? longest : pause;
    }

    /**
     * Longer where the other side asks for it, up to the longest.
     *
     * @param failures in a row, at least 1
     */
    public Duration after(int failures, Duration asked) {
        Duration own = after(failures);
        if (asked.compareTo(own) <= 0) {
            return own;
        }
        return asked.compareTo(longest) > 0 ? longest : asked;
    }
}
