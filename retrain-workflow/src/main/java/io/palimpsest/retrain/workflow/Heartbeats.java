package io.palimpsest.retrain.workflow;

import io.palimpsest.contracts.error.PalimpsestException;
import io.temporal.activity.Activity;
import io.temporal.activity.ActivityExecutionContext;
import io.temporal.client.ActivityCompletionException;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How a long activity says that it lives, and how far it is; each beat ends the activity when it was cancelled.
 *
 * <p>Threading: one thread at a time.
 */
final class Heartbeats {
    private static final Logger LOG = LoggerFactory.getLogger(Heartbeats.class);
    private static final Duration PAUSE = Duration.ofMillis(500);
    /** Between two rows that tell people (arbitrary: what a person watching takes for at once). */
    private static final Duration TOLD_EVERY = Duration.ofSeconds(1);

    private static final long BEAT_MILLIS = 1_000;

    private final ActivityExecutionContext context;
    private final Runs runs;
    private final String runId;
    private final Stage stage;
    private long toldAt;

    private Heartbeats(ActivityExecutionContext context, Runs runs, String runId, Stage stage) {
        this.context = context;
        this.runs = runs;
        this.runId = runId;
        this.stage = stage;
        this.toldAt = System.nanoTime() - TOLD_EVERY.toNanos();
    }

    /** Of the activity that runs on this thread. */
    static Heartbeats ofThisActivity(Runs runs, String runId, Stage stage) {
        return new Heartbeats(Activity.getExecutionContext(), runs, runId, stage);
    }

    /** It lives, and that is all there is to say. */
    void beat() {
        context.heartbeat(null);
    }

    /** Parameters as in {@link RunProgress}. */
    void beat(String doing, long done, long total, @Nullable Long remainingSeconds, @Nullable Double loss) {
        RunProgress now = new RunProgress(stage, doing, done, total, remainingSeconds, loss, Instant.now());
        context.heartbeat(now);
        boolean isLast = done == total;
        if (!isLast && System.nanoTime() - toldAt < TOLD_EVERY.toNanos()) {
            return;
        }
        toldAt = System.nanoTime();
        try {
            runs.tell(runId, now);
        } catch (PalimpsestException e) { // not worth the work that is being done: the next one is a second away
            LOG.atDebug().setCause(e).log("progress was not recorded");
        }
    }

    /**
     * As {@link Runs#once}, by one try at a time in this process: an earlier one, which the server took for dead because it
     * was silent for too long, still holds its files and memory, and ends with its next beat.
     */
    <T> T once(Class<T> type, Supplier<T> work) {
        Runs.Turn turn = until(() -> {
            beat();
            return runs.turn(runId, stage);
        });
        try (turn) {
            return runs.once(runId, stage, type, work);
        }
    }

    /** While work goes on that cannot beat by itself; one that was cancelled meanwhile ends when it is done. */
    <T> T during(Supplier<T> work) {
        AtomicReference<@Nullable RuntimeException> ended = new AtomicReference<>();
        CountDownLatch done = new CountDownLatch(1);
        Thread beats = Thread.ofVirtual().start(() -> {
            try {
                while (!done.await(BEAT_MILLIS, TimeUnit.MILLISECONDS)) {
                    beat();
                }
            } catch (ActivityCompletionException e) {
                ended.set(e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        T result;
        try {
            result = work.get();
        } finally {
            done.countDown();
            beats.interrupt();
        }
        RuntimeException end = ended.get();
        if (end != null) {
            throw end;
        }
        return result;
    }

    /** Looks until it has what it waits for; each look beats. */
    <T> T until(Supplier<@Nullable T> look) {
        T found = look.get();
        while (found == null) {
            try {
                Thread.sleep(PAUSE);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw Activity.wrap(e);
            }
            found = look.get();
        }
        return found;
    }
}
