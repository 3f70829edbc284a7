package io.palimpsest.ledger.export;

import io.palimpsest.contracts.error.ErrorCode;
import io.palimpsest.platform.retry.BackOff;
import io.palimpsest.verifier.note.SignedNote;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hands the newest checkpoint to one target, again and again, where it is another one than the target has.
 *
 * <p>Threading: one thread of its own. Failure: is logged with EXPORT_FAILED, and tried again with growing pauses.
 */
final class CheckpointExport implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(CheckpointExport.class);

    private final ExportTarget target;
    private final Supplier<Optional<SignedNote>> newest;
    private final Duration every;
    private final BackOff backOff;
    private final InstantSource clock;
    private final CountDownLatch closing = new CountDownLatch(1);
    private final Thread thread;
    private volatile @Nullable Instant due;
    private final AtomicInteger failures = new AtomicInteger();
    private String handed = "";

    CheckpointExport(
            ExportTarget target,
            Supplier<Optional<SignedNote>> newest,
            Duration every,
            BackOff backOff,
            InstantSource clock) {
        this.target = target;
        this.newest = newest;
        this.every = every;
        this.backOff = backOff;
        this.clock = clock;
        this.thread =
                Thread.ofPlatform().daemon().name("export-" + target.name()).unstarted(this::runUntilClosed);
    }

    CheckpointExport start() {
        due = clock.instant();
        thread.start();
        return this;
    }

    String target() {
        return target.name();
    }

    /** Since the target had the newest checkpoint, in seconds; 0 before the start. */
    double ageSeconds() {
        Instant last = due;
        return last == null
                ? 0
                : Math.max(0, Duration.between(last, clock.instant()).toMillis() / 1000.0);
    }

    /** Attempts that failed since the last that did not. */
    int failures() {
        return failures.get();
    }

    private void runUntilClosed() {
        try {
            Duration pause = Duration.ZERO;
            while (!closing.await(pause.toMillis(), TimeUnit.MILLISECONDS)) {
                pause = once() ? every : backOff.after(failures.get());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** @return whether the target has the newest, as far as there is one */
    private boolean once() throws InterruptedException {
        try {
            Optional<SignedNote> checkpoint = newest.get();
            if (checkpoint.isPresent() && !checkpoint.get().text().equals(handed)) {
                target.take(checkpoint.get());
                handed = checkpoint.get().text();
            }
            due = clock.instant();
            failures.set(0);
            return true;
        } catch (IOException | RuntimeException e) { // an exception would end the thread
            int unused = failures.incrementAndGet();
            LOG.atWarn()
                    .addKeyValue("errorCode", ErrorCode.EXPORT_FAILED.id())
                    .log("the checkpoint was not handed to {}: {}", target.name(), said(e));
            return false;
        }
    }

    /** Of what is not ours the message may hold an address. */
    private static String said(Exception e) {
        return e instanceof IOException
                ? String.valueOf(e.getMessage())
                : e.getClass().getSimpleName();
    }

    @Override
    public void close() {
        closing.countDown();
        thread.interrupt();
        try {
            thread.join(Duration.ofSeconds(5).toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        target.close();
    }
}
