package io.palimpsest.retrain.workflow;

import io.temporal.activity.Activity;
import io.temporal.activity.ActivityExecutionContext;
import java.time.Duration;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** How a long activity says that it lives; each beat ends the activity when it was cancelled. */
final class Heartbeats {
    private static final Duration PAUSE = Duration.ofMillis(500);

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
