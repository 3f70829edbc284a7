package io.palimpsest.retrain.workflow;

import io.temporal.activity.Activity;
import io.temporal.activity.ActivityExecutionContext;
import io.temporal.client.ActivityCompletionException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** How a long activity says that it lives; each beat ends the activity when it was cancelled. */
final class Heartbeats {
    private static final Duration PAUSE = Duration.ofMillis(500);
    private static final long BEAT_MILLIS = 1_000;

    private final ActivityExecutionContext context;

    private Heartbeats(ActivityExecutionContext context) {
        this.context = context;
    }

    /** Of the activity that runs on this thread. */
    static Heartbeats ofThisActivity() {
        return new Heartbeats(Activity.getExecutionContext());
    }

    /** @param details numbers for people and for the next attempt */
    void beat(Object details) {
        context.heartbeat(details);
    }

    /** While work goes on that cannot beat by itself; one that was cancelled meanwhile ends when it is done. */
    <T> T during(Supplier<T> work) {
        AtomicReference<@Nullable RuntimeException> ended = new AtomicReference<>();
        CountDownLatch done = new CountDownLatch(1);
        Thread beats = Thread.ofVirtual().start(() -> {
            try {
                while (!done.await(BEAT_MILLIS, TimeUnit.MILLISECONDS)) {
                    beat("working");
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

    /** Until it is true. */
    void until(BooleanSupplier done, Supplier<Object> details) {
        while (!done.getAsBoolean()) {
            beat(details.get());
            try {
                Thread.sleep(PAUSE);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw Activity.wrap(e);
            }
        }
    }
}
