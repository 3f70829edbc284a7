package io.palimpsest.ingest.fetch;

import io.palimpsest.contracts.error.ErrorCode;
import java.time.Duration;

/** When a fetch must be over. */
record Deadline(long nanoTime, Duration total) {
    static Deadline in(Duration total) {
        return new Deadline(System.nanoTime() + total.toNanos(), total);
    }

    long remainingMillis() {
        return Math.max(0, (nanoTime - System.nanoTime()) / 1_000_000);
    }

    boolean isOver() {
        return System.nanoTime() - nanoTime >= 0;
    }

    void check() throws RefusedException {
        if (isOver()) {
            throw exceeded();
        }
    }

    RefusedException exceeded() {
        return new RefusedException(ErrorCode.FETCH_FAILED, "not complete after " + total.toMillis() + " ms");
    }
}
