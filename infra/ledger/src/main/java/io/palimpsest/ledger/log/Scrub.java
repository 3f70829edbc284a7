package io.palimpsest.ledger.log;

import io.palimpsest.contracts.error.PalimpsestException;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Compares what a start has left out: every entry and leaf of the log with its hashes, newest first, once, at half of one
 * processor's pace.
 *
 * <p>Threading: one thread of its own. Failure: LEDGER_DAMAGED is logged, and told by {@link #damage} until the process ends.
 */
public final class Scrub implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Scrub.class);

    private final LogCheck check;
    private final Thread thread;
    private volatile long checked;
    private volatile boolean closing;
    private volatile @Nullable PalimpsestException damage;

    /** Of the tree as it is now; what is appended later was written by this process. */
    public Scrub(TransparencyLog log) {
        this.check = log.check();
        this.thread = Thread.ofPlatform().name("ledger-scrub").daemon().unstarted(this::run);
    }

    public void start() {
        thread.start();
    }

    /** From 0 to 1. */
    public double progress() {
        return check.bundles() == 0 ? 1 : (double) checked / check.bundles();
    }

    public Optional<PalimpsestException> damage() {
        return Optional.ofNullable(damage);
    }

    private void run() {
        try {
            while (!closing && checked < check.bundles()) {
                long began = System.nanoTime();
                long next = check.leavesAgree(checked, () -> !closing && System.nanoTime() - began < 5_000_000);
                checked = next;
                TimeUnit.NANOSECONDS.sleep(System.nanoTime() - began);
            }
        } catch (InterruptedException e) {
            LOG.atDebug().log("the log is not compared to its end");
        } catch (PalimpsestException e) {
            damage = e;
            LOG.atError()
                    .addKeyValue("errorCode", e.code().id())
                    .setCause(e)
                    .log("the log is not what its checkpoints say");
        }
    }

    @Override
    public void close() {
        closing = true;
        thread.interrupt();
    }
}
