package io.palimpsest.retrain.workflow;

import io.grpc.StatusRuntimeException;
import io.palimpsest.contracts.error.ErrorCode;
import io.palimpsest.contracts.error.PalimpsestException;
import io.palimpsest.platform.temporal.TemporalConnection;
import io.temporal.api.enums.v1.WorkflowIdReusePolicy;
import io.temporal.client.WorkflowClient;
import io.temporal.client.WorkflowExecutionAlreadyStarted;
import io.temporal.client.WorkflowNotFoundException;
import io.temporal.client.WorkflowOptions;
import io.temporal.client.WorkflowServiceException;
import io.temporal.client.WorkflowStub;
import java.time.Duration;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Begins runs, each once, and begins again those that a server without memory has forgotten.
 *
 * <p>Ordering and idempotency: the database is told first, so a run whose start was lost is started by {@link #resume}. Failure: {@code
 * TEMPORAL_UNAVAILABLE}.
 */
public final class RunStarter {
    private static final Logger LOG = LoggerFactory.getLogger(RunStarter.class);

    /** Without an alarm: labels and documents may have changed what is to be done about one that holds. */
    private static final Duration LOOK_EVERY = Duration.ofHours(1);

    private final WorkflowClient client;
    private final Runs runs;

    public RunStarter(TemporalConnection temporal, Runs runs) {
        this(RetrainWorker.client(temporal), runs);
    }

    RunStarter(WorkflowClient client, Runs runs) {
        this.client = client;
        this.runs = runs;
    }

    /** @return whether it is a new run */
    boolean start(RunRequest request) {
        boolean isNew = runs.begin(request);
        if (isNew) {
            launch(request);
        }
        return isNew;
    }

    /** Starts what is unfinished and does not run: the steps that are done are not done again. */
    public void resume() {
        for (RunRequest request : runs.unfinished()) {
            launch(request);
        }
    }

    /** Tells the run that somebody approved or refused; a run that is not there finds it in the database later. */
    public void decided(String runId) {
        try {
            asked(() -> {
                client.newWorkflowStub(FineTuneWorkflow.class, WorkflowIds.fineTune(runId))
                        .decided();
                return runId;
            });
        } catch (WorkflowNotFoundException e) {
            LOG.atInfo().log("run {} does not run now; it will read the decision when it does", runId);
        }
    }

    /** Ends it as soon as its step allows; the serving model stays. */
    public void cancel(Run run) {
        asked(() -> {
            client.newUntypedWorkflowStub(WorkflowIds.run(run.kind(), run.id())).cancel();
            return run;
        });
    }

    /** Lets the collection's watch look now, and begins it where there is none. */
    public void alarmed(Scope scope) {
        WorkflowStub watch = client.newUntypedWorkflowStub(
                WatchDriftWorkflow.class.getSimpleName(),
                WorkflowOptions.newBuilder()
                        .setWorkflowId(WorkflowIds.watchDrift(scope))
                        .setTaskQueue(RetrainWorker.TASK_QUEUE)
                        .build());
        asked(() -> watch.signalWithStart("alarmed", new Object[] {}, new Object[] {scope, LOOK_EVERY}));
    }

    private void launch(RunRequest request) {
        WorkflowStub run = client.newUntypedWorkflowStub(
                RunRequest.workflow(request),
                WorkflowOptions.newBuilder()
                        .setWorkflowId(WorkflowIds.run(RunRequest.kind(request), request.runId()))
                        .setTaskQueue(RetrainWorker.TASK_QUEUE)
                        .setWorkflowIdReusePolicy(
                                WorkflowIdReusePolicy.WORKFLOW_ID_REUSE_POLICY_ALLOW_DUPLICATE_FAILED_ONLY)
                        .build());
        try {
            asked(() -> run.start(request));
        } catch (WorkflowExecutionAlreadyStarted e) {
            LOG.atDebug().log("run {} runs already", request.runId());
        }
    }

    /** @throws PalimpsestException {@link ErrorCode#TEMPORAL_UNAVAILABLE} where the server does not answer */
    private static <T> void asked(Supplier<T> call) {
        try {
            T unused = call.get();
        } catch (WorkflowExecutionAlreadyStarted | WorkflowNotFoundException e) {
            throw e;
        } catch (WorkflowServiceException | StatusRuntimeException e) {
            throw new PalimpsestException(
                    ErrorCode.TEMPORAL_UNAVAILABLE, "Temporal does not answer; what was asked is done when it does", e);
        }
    }
}
