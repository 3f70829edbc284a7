package io.palimpsest.retrain.workflow;

import io.palimpsest.contracts.error.ErrorCode;
import io.temporal.activity.ActivityCancellationType;
import io.temporal.activity.ActivityOptions;
import io.temporal.common.RetryOptions;
import io.temporal.common.SearchAttributeUpdate;
import io.temporal.failure.ApplicationFailure;
import io.temporal.failure.CanceledFailure;
import io.temporal.failure.TemporalFailure;
import io.temporal.workflow.Workflow;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** How workflows call activities, and what they tell the server of themselves. */
final class Calls {
    private static final RetryOptions RETRY = RetryOptions.newBuilder()
            .setInitialInterval(Duration.ofSeconds(1))
            .setBackoffCoefficient(2)
            .setMaximumInterval(Duration.ofMinutes(1))
            .build();
    /** Faults that would pass have a day to. */
    private static final Duration PATIENCE = Duration.ofDays(1);

    /** Of what asks nobody else. */
    private static final Duration USUAL = Duration.ofMinutes(1);

    private static final Duration LONGEST = Duration.ofDays(7);

    private Calls() {}

    /** For what is done in seconds. */
    static <T> T quick(Class<T> activities) {
        return quick(activities, USUAL);
    }

    /** @param silence after which its worker is taken for dead */
    static <T> T quick(Class<T> activities, Duration silence) {
        return Workflow.newActivityStub(
                activities,
                ActivityOptions.newBuilder()
                        .setStartToCloseTimeout(silence)
                        .setScheduleToCloseTimeout(PATIENCE)
                        .setRetryOptions(RETRY)
                        .build());
    }

    /**
     * For what takes minutes to days: it has to say in time that it lives, and is waited for when it is cancelled.
     *
     * @param silence after which its worker is taken for dead
     */
    static <T> T slow(Class<T> activities, Duration silence) {
        return Workflow.newActivityStub(
                activities,
                ActivityOptions.newBuilder()
                        .setStartToCloseTimeout(LONGEST)
                        .setHeartbeatTimeout(silence)
                        .setCancellationType(ActivityCancellationType.WAIT_CANCELLATION_COMPLETED)
                        .setRetryOptions(RETRY)
                        .build());
    }

    static void tag(Scope scope, Stage stage, @Nullable String model) {
        if (!scope.tagged()) {
            return;
        }
        List<SearchAttributeUpdate<?>> tags = new ArrayList<>(
                List.of(RunAttributes.COLLECTION.valueSet(scope.key()), RunAttributes.STAGE.valueSet(stage.name())));
        if (model != null) {
            tags.add(RunAttributes.MODEL.valueSet(model));
        }
        Workflow.upsertTypedSearchAttributes(tags.toArray(SearchAttributeUpdate<?>[]::new));
    }

    /** By its server, or by a step that saw it first. */
    static boolean isCancelled(Throwable failure) {
        for (Throwable at = failure; at != null; at = at.getCause()) {
            if (at instanceof CanceledFailure
                    || (at instanceof ApplicationFailure application
                            && application.getType().equals(ErrorCode.RUN_CANCELLED.name()))) {
                return true;
            }
        }
        return false;
    }

    /** Stage and error code; messages stay in the log of the worker. */
    static String reason(Stage stage, TemporalFailure failure) {
        for (Throwable at = failure; at != null; at = at.getCause()) {
            if (at instanceof ApplicationFailure application) {
                return stage + ": " + application.getType();
            }
        }
        return stage + ": " + failure.getClass().getSimpleName();
    }
}
