package io.palimpsest.retrain.workflow;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.temporal.api.enums.v1.EventType;
import io.temporal.api.history.v1.HistoryEvent;
import io.temporal.client.WorkflowClient;
import io.temporal.client.WorkflowNotFoundException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends workflows of a run that the server in memory has lost, so that the run can be begun again: what it has done is in the
 * database. That server keeps no task whose answer it refuses, and refuses the cancellation of a step or a timer that has just ended
 * (temporalio/sdk-java#2391 and #3088): from then on the workflow waits for ever. A real server gives such a task again.
 *
 * <p>Threading: safe. Ordering and idempotency: a workflow that goes on is left alone.
 */
final class LostTasks {
    /** Beyond the time that the server gives a worker for a task: 10 s; then there is a next event. */
    static final Duration LOST = Duration.ofSeconds(15);

    private static final Logger LOG = LoggerFactory.getLogger(LostTasks.class);

    private final WorkflowClient client;
    private final Duration lost;
    private final InstantSource clock;

    /** @param lost how long a workflow may work on one task */
    LostTasks(WorkflowClient client, Duration lost, InstantSource clock) {
        this.client = client;
        this.lost = lost;
        this.clock = clock;
    }

    void endWorkflowsOf(RunRequest request) {
        // The run first: one whose child is ended under it would end as failed.
        List<String> workflows = List.of(
                WorkflowIds.run(RunRequest.kind(request), request.runId()),
                WorkflowIds.rollout(request.runId()),
                WorkflowIds.collectFeedback(request.runId()));
        if (workflows.stream().anyMatch(this::isLost)) {
            LOG.atWarn().log("the server in memory has lost run {}; it is begun again", request.runId());
            workflows.forEach(this::end);
        }
    }

    private boolean isLost(String workflow) {
        try {
            HistoryEvent last = client.fetchHistory(workflow).getLastEvent();
            Instant at = Instant.ofEpochSecond(
                    last.getEventTime().getSeconds(), last.getEventTime().getNanos());
            return last.getEventType() == EventType.EVENT_TYPE_WORKFLOW_TASK_STARTED
                    && at.plus(lost).isBefore(clock.instant());
        } catch (StatusRuntimeException e) {
            if (e.getStatus().getCode() == Status.Code.NOT_FOUND) {
                return false;
            }
            throw e;
        }
    }

    private void end(String workflow) {
        try {
            client.newUntypedWorkflowStub(workflow).terminate("lost by the server");
        } catch (WorkflowNotFoundException e) {
            LOG.atDebug().log("workflow {} does not run", workflow);
        }
    }
}
