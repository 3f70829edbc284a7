package io.palimpsest.platform.retry;

import java.time.Duration;

/** What is looked at again and again until it holds; may fail with an exception of its own. */
@FunctionalInterface
public interface Condition<X extends Exception> {
    boolean holds() throws X, InterruptedException;

    /**
     * Looks until it holds or the time is up; at least once.
     *
     * @param every pause between two looks
     * @return whether it held in time
     */
    static <X extends Exception> boolean await(Condition<X> condition, Duration timeout, Duration every)
            throws X, InterruptedException {
        long deadline = System.nanoTime() + timeout.toNanos();
        while (!condition.holds()) {
            if (System.nanoTime() - deadline >= 0) {
                return false;
            }
            Thread.sleep(every);
        }
        return true;
    }
}
