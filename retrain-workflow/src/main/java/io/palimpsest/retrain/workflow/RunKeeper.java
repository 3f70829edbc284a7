package io.palimpsest.retrain.workflow;

import io.palimpsest.contracts.error.PalimpsestException;
import io.palimpsest.retrain.drift.DriftStore;
import io.palimpsest.retrain.drift.policy.DriftAlarm;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the database says is to run does run: whatever Temporal was not told, or has forgotten, is begun again.
 *
 * <p>Threading: one thread of its own between {@link #start} and {@link #close}. Failure: is logged, and tried again.
 */
public final class RunKeeper implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(RunKeeper.class);
    /** How long an alarm or an approved run may lie when the server was away at its moment; arbitrary. */
    private static final Duration EVERY = Duration.ofSeconds(20);

    private final RunStarter starter;
    private final DriftStore alarms;
    private final Function<DriftAlarm, Scope> scopes;
    private final Retirement retirement;
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("run-keeper").factory());

    public RunKeeper(RunStarter starter, DriftStore alarms, Function<DriftAlarm, Scope> scopes, Retirement retirement) {
        this.starter = starter;
        this.alarms = alarms;
        this.scopes = scopes;
        this.retirement = retirement;
    }

    /** Looks at once, and from then on three times a minute. */
    public void start() {
        ScheduledFuture<?> unused =
                timer.scheduleWithFixedDelay(this::look, 0, EVERY.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** Somebody raised this; where that fails, the next look finds it. */
    public void alarmed(DriftAlarm alarm) {
        try {
            starter.alarmed(scopes.apply(alarm));
        } catch (PalimpsestException e) {
            told(e);
        }
    }

    private void look() {
        try {
            starter.resume();
            for (DriftAlarm alarm : alarms.open()) {
                starter.alarmed(scopes.apply(alarm));
            }
            retirement.look();
        } catch (PalimpsestException e) {
            told(e);
        } catch (RuntimeException e) { // an exception would end the timer
            LOG.atError().setCause(e).log("runs are looked at again in {}", EVERY);
        }
    }

    private static void told(PalimpsestException failure) {
        LOG.atWarn()
                .addKeyValue("errorCode", failure.code().id())
                .setCause(failure)
                .log("runs are looked at again in {}", EVERY);
    }

    @Override
    public void close() {
        timer.shutdownNow();
    }
}
