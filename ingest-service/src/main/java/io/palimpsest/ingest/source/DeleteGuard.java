package io.palimpsest.ingest.source;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Holds the deletes of a look that would delete suspiciously much, until somebody approves those that the next look finds.
 *
 * <p>Threading: {@link #letsGo} on one thread, the rest on any.
 */
public final class DeleteGuard {
    private static final Logger LOG = LoggerFactory.getLogger(DeleteGuard.class);
    /** So few may all go; arbitrary. */
    private static final int UNGUARDED = 20;

    private final double maxRatio;
    private final AtomicLong held = new AtomicLong();
    private final AtomicBoolean approved = new AtomicBoolean();

    /** @param maxRatio of documents that may go at once, 0 to 1 */
    public DeleteGuard(double maxRatio) {
        this.maxRatio = maxRatio;
    }

    /** Whether as many as are gone of those known are more than ought to go without a word. */
    public static boolean isSuspicious(long gone, long known, double maxRatio) {
        return known > UNGUARDED && gone > known * maxRatio;
    }

    /** Whether as many as are gone of those known may be deleted; uses up an approval where it takes one. */
    public boolean letsGo(long gone, long known) {
        if (!isSuspicious(gone, known, maxRatio) || approved.getAndSet(false)) {
            held.set(0);
            return true;
        }
        if (held.getAndSet(gone) == 0) {
            LOG.atWarn().log("{} of {} documents are gone at once: deletes wait for approval", gone, known);
        }
        return false;
    }

    public void approve() {
        approved.set(true);
    }

    /** Deletes that wait. */
    public long held() {
        return held.get();
    }

    /** Whether deletes wait that are approved: it is time for the next look. */
    public boolean isDue() {
        return approved.get() && held.get() > 0;
    }
}
