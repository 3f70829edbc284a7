package io.palimpsest.index;

import io.palimpsest.contracts.error.PalimpsestException;
import io.palimpsest.index.passages.Generation;
import io.palimpsest.index.passages.PassageIndex;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Work beside the flow: removes passages whose interval ended longer ago than the history retention, and start-up chores. */
final class IndexHousekeeping implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(IndexHousekeeping.class);

    private static final long READY_PAUSE = 200;
    private static final long SHORTEST_PAUSE = Duration.ofSeconds(1).toMillis();
    private static final long FIRST_PAUSE = Duration.ofMinutes(1).toMillis();
    private static final long LONGEST_PAUSE = Duration.ofHours(1).toMillis();

    private final PassageIndex index;
    private final Duration retention;
    private final Clock clock;
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("index-housekeeping").factory());
    private final ScheduledFuture<?> purging;

    IndexHousekeeping(PassageIndex index, Duration retention, Clock clock) {
        this.index = index;
        this.retention = retention;
        this.clock = clock;
        long pause = Math.clamp(retention.dividedBy(10).toMillis(), SHORTEST_PAUSE, LONGEST_PAUSE);
        this.purging =
                timer.scheduleWithFixedDelay(this::purge, Math.min(pause, FIRST_PAUSE), pause, TimeUnit.MILLISECONDS);
    }

    /** Runs the action to its end once, beside everything else, as soon as the condition holds; again when it fails. */
    void onceReady(BooleanSupplier ready, Runnable action) {
        onceReady(ready, action, READY_PAUSE);
    }

    private void onceReady(BooleanSupplier ready, Runnable action, long pause) {
        ScheduledFuture<?> unused = timer.schedule(
                () -> {
                    if (!ready.getAsBoolean()) {
                        onceReady(ready, action, READY_PAUSE);
                        return;
                    }
                    try {
                        action.run();
                    } catch (PalimpsestException e) {
                        LOG.atWarn()
                                .addKeyValue("errorCode", e.code().id())
                                .setCause(e)
                                .log("a chore of the start failed; tried again later");
                        onceReady(ready, action, FIRST_PAUSE);
                    }
                },
                pause,
                TimeUnit.MILLISECONDS);
    }

    /** A chore that is done again and again; what fails is tried again at its next turn. */
    void everySecond(Runnable chore) {
        ScheduledFuture<?> unused = timer.scheduleWithFixedDelay(
                () -> {
                    try {
                        chore.run();
                    } catch (PalimpsestException e) {
                        LOG.atWarn()
                                .addKeyValue("errorCode", e.code().id())
                                .setCause(e)
                                .log("a chore failed; tried again later");
                    }
                },
                SHORTEST_PAUSE,
                SHORTEST_PAUSE,
                TimeUnit.MILLISECONDS);
    }

    private void purge() {
        for (Generation generation : index.generations()) {
            try {
                index.purgeHistory(generation.id(), clock.instant().minus(retention));
            } catch (PalimpsestException e) {
                LOG.atWarn()
                        .addKeyValue("errorCode", e.code().id())
                        .setCause(e)
                        .log("history could not be purged; tried again later");
            }
        }
    }

    @Override
    public void close() {
        purging.cancel(true);
        timer.shutdownNow();
    }
}
