package io.palimpsest.retrain.timer;

import io.temporal.activity.ActivityOptions;
import io.temporal.common.SearchAttributeKey;
import io.temporal.workflow.Workflow;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;

/** See the interface. Tried until it succeeds: the schedule lets later times wait for it. */
public final class TimerWorkflowImpl implements TimerWorkflow {
    /** Set by the server on whatever a schedule starts. */
    private static final SearchAttributeKey<OffsetDateTime> SCHEDULED =
            SearchAttributeKey.forOffsetDateTime("TemporalScheduledStartTime");

    private final TimerActivities activities = Workflow.newActivityStub(
            TimerActivities.class,
            ActivityOptions.newBuilder()
                    .setStartToCloseTimeout(Duration.ofMinutes(1))
                    .build());

    @Override
    public void due(String timer) {
        OffsetDateTime scheduled = Workflow.getTypedSearchAttributes().get(SCHEDULED);
        activities.due(
                timer, scheduled == null ? Instant.ofEpochMilli(Workflow.currentTimeMillis()) : scheduled.toInstant());
    }
}
