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
        this.purging = timer.scheduleWithFixedDelay(this::purge, 1, 60, TimeUnit.MINUTES);
    }

    /** Runs the action once, beside everything else, as soon as the condition holds. */
    void onceReady(BooleanSupplier ready, Runnable action) {
        ScheduledFuture<?> unused = timer.schedule(
                () -> {
                    if (ready.getAsBoolean()) {
                        action.run();
                    } else {
                        onceReady(ready, action);
                    }
                },
                200,
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
                        .log("history could not be purged; tried again in an hour");
            }
        }
    }

    @Override
    public void close() {
        purging.cancel(true);
        timer.shutdownNow();
    }
}
