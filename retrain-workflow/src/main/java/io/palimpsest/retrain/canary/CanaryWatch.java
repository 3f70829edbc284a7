package io.palimpsest.retrain.canary;

import io.palimpsest.contracts.error.ErrorCode;
import io.palimpsest.contracts.error.PalimpsestException;
import io.palimpsest.contracts.event.DriftMeasured;
import io.palimpsest.contracts.id.CollectionKey;
import io.palimpsest.retrain.drift.CorpusFacts;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks the canaries of every collection once a window, keeps the figures and tells them as signals of drift.
 *
 * <p>Threading: one thread of its own between {@link #start} and {@link #close}; several processes may run one each. Ordering and
 * idempotency: one measurement per window is kept, and who kept it tells it; a kill between the two loses that window's signals, not
 * its figures. Failure: of one collection does not keep others from theirs; it is logged and tried again.
 */
public final class CanaryWatch implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(CanaryWatch.class);
    /** The index service may start after this one (arbitrary). */
    private static final Duration LOOK_EVERY = Duration.ofSeconds(30);

    private final Parts parts;
    private final Supplier<List<CollectionKey>> collections;
    private final CanarySignals signals;
    private final Consumer<DriftMeasured> told;
    private final Map<CollectionKey, Long> looked = new HashMap<>();
    private final Map<CollectionKey, Long> tested = new HashMap<>();
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("canary-watch").factory());

    /**
     * What it works with.
     *
     * @param every length of a window, a millisecond or longer
     * @param selfTestEvery how often drift is injected
     * @param falseAlarmRate of a window, 0 exclusive to 1
     */
    public record Parts(
            Canaries canaries,
            CanaryStore store,
            CorpusFacts corpus,
            Duration every,
            Duration selfTestEvery,
            double falseAlarmRate,
            InstantSource clock) {}

    /**
     * @param collections that have judged questions
     * @param told each signal, in order; returns when it is there for good
     */
    public CanaryWatch(Parts parts, Supplier<List<CollectionKey>> collections, Consumer<DriftMeasured> told) {
        this.parts = parts;
        this.collections = collections;
        this.signals = new CanarySignals(parts.falseAlarmRate(), parts.every());
        this.told = told;
    }

    public void start() {
        long pause = Math.min(LOOK_EVERY.toMillis(), parts.every().toMillis());
        ScheduledFuture<?> unused = timer.scheduleWithFixedDelay(this::lookSafely, pause, pause, TimeUnit.MILLISECONDS);
    }

    private void lookSafely() {
        try {
            look();
        } catch (RuntimeException e) { // a timer's task that throws is never run again
            LOG.atError().addKeyValue("errorCode", code(e).id()).setCause(e).log("canaries are looked at again soon");
        }
    }

    void look() {
        Instant now = parts.clock().instant();
        for (CollectionKey collection : collections.get()) {
            try {
                look(collection, signals.window(now));
            } catch (RuntimeException e) { // whatever one collection's search brings must not end the others' watch
                LOG.atWarn()
                        .addKeyValue("errorCode", code(e).id())
                        .setCause(e)
                        .log("canaries of {} are asked again soon", collection);
            }
        }
        parts.store().prune(now);
    }

    private void look(CollectionKey collection, long window) {
        if (Long.valueOf(window).equals(looked.get(collection)) || parts.store().has(collection, window)) {
            return;
        }
        Optional<CanaryMeasurement> measured = parts.canaries().measure(collection);
        if (measured.isPresent()) {
            double changed = parts.corpus().of(collection).changedShare();
            if (parts.store().add(measured.get(), window)) {
                signals.of(measured.get(), changed).forEach(told);
            }
            selfTest(measured.get(), changed);
        }
        looked.put(collection, window);
    }

    /** The same test under the same id from every process and after every restart. */
    private void selfTest(CanaryMeasurement measured, double changedShare) {
        long test =
                measured.at().toEpochMilli() / Math.max(1, parts.selfTestEvery().toMillis());
        if (!Long.valueOf(test).equals(tested.put(measured.collection(), test))) {
            signals.selfTest(measured, changedShare, test).forEach(told);
        }
    }

    private static ErrorCode code(RuntimeException e) {
        return e instanceof PalimpsestException ours ? ours.code() : ErrorCode.INTERNAL;
    }

    @Override
    public void close() {
        timer.shutdownNow();
    }
}
