package io.palimpsest.index.search;

import io.palimpsest.contracts.error.ErrorCode;
import io.palimpsest.contracts.error.PalimpsestException;
import io.palimpsest.contracts.id.CollectionKey;
import io.palimpsest.index.revision.CurrentRevisions;
import io.palimpsest.index.revision.IndexProgress;
import io.palimpsest.platform.retry.Condition;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;

/** Waits for the index to be as fresh as a request wants it, and says how far behind it is. */
final class Freshness {
    private static final Duration POLL = Duration.ofMillis(10);

    private final IndexProgress progress;
    private final CurrentRevisions revisions;
    private final Duration timeout;
    private final Clock clock;

    Freshness(IndexProgress progress, CurrentRevisions revisions, Duration timeout, Clock clock) {
        this.progress = progress;
        this.revisions = revisions;
        this.timeout = timeout;
        this.clock = clock;
    }

    /** @throws PalimpsestException {@link ErrorCode#FRESHNESS_NOT_REACHED} */
    void await(CollectionKey collection, MinFreshness wanted) {
        Instant bound = wanted.bound(clock.instant());
        if (!reached(collection, bound)) {
            throw new PalimpsestException(
                    ErrorCode.FRESHNESS_NOT_REACHED,
                    "after " + timeout.toMillis() + " ms the index is "
                            + lag(collection).toMillis() + " ms behind, wanted: " + wanted.text());
        }
    }

    /**
     * Until the view has all that is published by now: what the index has already, too.
     *
     * @throws PalimpsestException {@link ErrorCode#FRESHNESS_NOT_REACHED}
     */
    void awaitRevisions() {
        Instant bound = clock.instant();
        if (!becomesTrue(() -> !revisions.appliedThrough().isBefore(bound))) {
            throw new PalimpsestException(
                    ErrorCode.FRESHNESS_NOT_REACHED,
                    "after " + timeout.toMillis() + " ms the view of current revisions is still behind the index");
        }
    }

    private boolean reached(CollectionKey collection, Instant bound) {
        return becomesTrue(() -> !progress.appliedThrough(collection).isBefore(bound));
    }

    private boolean becomesTrue(Condition<RuntimeException> condition) {
        try {
            return Condition.await(condition, timeout, POLL);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    Duration lag(CollectionKey collection) {
        Duration lag = Duration.between(progress.appliedThrough(collection), clock.instant());
        return lag.isNegative() ? Duration.ZERO : lag;
    }
}
