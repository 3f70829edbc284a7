package io.palimpsest.retrain.workflow;

import io.palimpsest.contracts.error.PalimpsestException;
import io.temporal.activity.Activity;
import io.temporal.activity.ActivityExecutionContext;
import java.time.Duration;
import java.time.Instant;
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
