package io.palimpsest.retrain.timer;

import java.time.Instant;

/**
 * Tells when a time has come, to one of the processes that keep the timer.
 *
 * <p>Ordering and idempotency: a due time is told until its handler has returned once, so perhaps again under the same time
 * after a kill. Those that passed while nobody was there are told as one. Failure: {@code TEMPORAL_UNAVAILABLE} or {@code
 * DATABASE_FAILED} from {@link #keep} and {@link #drop}; of a handler, the time is told again.
 */
public interface Timers extends AutoCloseable {
    /** From now on, also after a restart; the same again changes nothing, another rhythm counts from now. */
    void keep(String timer, Rhythm rhythm);

    /** Not any more, wherever it was kept. */
    void drop(String timer);

    /** This process is told no more; the timers stay. */
    @Override
    void close();

    /** Acts on a time that has come; twice under the same time must be as once. */
    @FunctionalInterface
    interface Handler {
        void due(String timer, Instant at);
    }
}
