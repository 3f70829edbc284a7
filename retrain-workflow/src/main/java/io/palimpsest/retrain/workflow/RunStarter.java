package io.palimpsest.retrain.workflow;

import io.grpc.Context;
import io.grpc.StatusRuntimeException;
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
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Begins runs, each once, and begins again those that a server without memory has forgotten.
 *
 * <p>Ordering and idempotency: the database is told first, so a run whose start was lost is started by {@link #resume}. Failure: {@code
 * TEMPORAL_UNAVAILABLE}, {@code TEMPORAL_REFUSED}.
 */
public final class RunStarter {
    private static final Logger LOG = LoggerFactory.getLogger(RunStarter.class);

    /** Without an alarm: labels and documents may have changed what is to be done about one that holds. */
    private static final Duration LOOK_EVERY = Duration.ofHours(1);

    /** How long somebody who asks waits; beyond it, what was asked is done when the server answers. */
    private static final long WAIT_SECONDS = 10;

    private final WorkflowClient client;
    private final Runs runs;
    private final boolean tagged;
    private final Optional<LostTasks> lost;
    private final Function<RuntimeException, PalimpsestException> meaning;
    /** Runs that were not told of a decision, since the server was away. */
    private final Set<String> untold = ConcurrentHashMap.newKeySet();

    private final ScheduledExecutorService deadlines = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("run-starter").factory());

    public RunStarter(TemporalConnection temporal, Runs runs) {
        this(
                RetrainWorker.client(temporal),
                runs,
                temporal.hasKeywords(),
                lost(temporal),
                failed -> temporal.explained(failed, Duration.ofSeconds(WAIT_SECONDS)));
    }

    /**
     * @param tagged whether the server knows {@link RunAttributes}
     * @param lost empty for a server that loses nothing
     * @param meaning of a failed call
     */
    RunStarter(
            WorkflowClient client,
            Runs runs,
            boolean tagged,
            Optional<LostTasks> lost,
            Function<RuntimeException, PalimpsestException> meaning) {
        this.client = client;
        this.runs = runs;
        this.tagged = tagged;
        this.lost = lost;
        this.meaning = meaning;
    }

    private static Optional<LostTasks> lost(TemporalConnection temporal) {
        return temporal.isDurable()
                ? Optional.empty()
                : Optional.of(new LostTasks(RetrainWorker.client(temporal), LostTasks.LOST, InstantSource.system()));
    }

    /** @return whether it is a new run */
    boolean start(RunRequest request) {
        boolean isNew = runs.begin(request);
        if (isNew) {
            launch(request);
        }
        return isNew;
    }

    /** Starts what is unfinished and does not run, and tells those that run what they were not told. */
    public void resume() {
        for (RunRequest request : runs.unfinished()) {
            lost.ifPresent(tasks -> tasks.endWorkflowsOf(request));
            launch(request);
            if (runs.isDone(request.runId(), Stage.CANCEL)) {
                tellOfCancel(RunRequest.kind(request), request.runId());
            }
        }
        for (String runId : List.copyOf(untold)) {
            tellOfDecision(runId);
            untold.remove(runId);
        }
    }

    /** Tells the run that somebody approved or refused, now or when it can be told. */
    public void decided(String runId) {
        try {
            tellOfDecision(runId);
        } catch (PalimpsestException e) {
            later(runId, e);
            untold.add(runId);
        }
    }

    private void tellOfDecision(String runId) {
        try {
            asked(() -> {
                String kind = runs.find(runId).map(Run::kind).orElse(RunRequest.FINE_TUNE);
                client.newUntypedWorkflowStub(WorkflowIds.run(kind, runId)).signal("decided");
                return runId;
            });
        } catch (WorkflowNotFoundException e) {
            LOG.atInfo().log("run {} does not run now; it will read the decision when it does", runId);
        }
    }

    /** Ends it as soon as its step allows, also on a server that does not answer now; the serving model stays. */
    public void cancel(Run run) {
        CancelAsked unused = runs.once(run.id(), Stage.CANCEL, CancelAsked.class, CancelAsked::new);
        try {
            tellOfCancel(run.kind(), run.id());
        } catch (PalimpsestException e) {
            later(run.id(), e);
        }
    }

    private record CancelAsked() {}

    private void tellOfCancel(String kind, String runId) {
        try {
            asked(() -> {
                client.newUntypedWorkflowStub(WorkflowIds.run(kind, runId)).cancel();
                return runId;
            });
        } catch (WorkflowNotFoundException e) {
            LOG.atInfo().log("run {} does not run now; it ends when it does", runId);
        }
    }

    private static void later(String runId, PalimpsestException failure) {
        LOG.atWarn().addKeyValue("errorCode", failure.code().id()).log("run {} is told when Temporal answers", runId);
    }

    /** Lets the collection's watch look now, and begins it where there is none. */
    public void alarmed(Scope scope) {
        WorkflowStub watch = client.newUntypedWorkflowStub(
                WatchDriftWorkflow.class.getSimpleName(),
                WorkflowOptions.newBuilder()
                        .setWorkflowId(WorkflowIds.watchDrift(scope))
                        .setTaskQueue(RetrainWorker.TASK_QUEUE)
                        .build());
        Scope here = scope.tagged(tagged);
        asked(() -> watch.signalWithStart("alarmed", new Object[] {}, new Object[] {here, LOOK_EVERY}));
    }

    private void launch(RunRequest request) {
        WorkflowStub stub = client.newUntypedWorkflowStub(
                RunRequest.workflow(request),
                WorkflowOptions.newBuilder()
                        .setWorkflowId(WorkflowIds.run(RunRequest.kind(request), request.runId()))
                        .setTaskQueue(RetrainWorker.TASK_QUEUE)
                        .setWorkflowIdReusePolicy(
                                WorkflowIdReusePolicy.WORKFLOW_ID_REUSE_POLICY_ALLOW_DUPLICATE_FAILED_ONLY)
                        .build());
        try {
            RunRequest here = request instanceof FineTuneRequest run
                    ? run.with(run.scope().tagged(tagged))
                    : request;
            asked(() -> stub.start(here));
        } catch (WorkflowExecutionAlreadyStarted e) {
            LOG.atDebug().log("run {} runs already", request.runId());
        }
    }

    /** @throws PalimpsestException {@code TEMPORAL_UNAVAILABLE} where the server does not answer, {@code TEMPORAL_REFUSED} */
    private <T> void asked(Supplier<T> call) {
        try (Context.CancellableContext soon =
                Context.current().withDeadlineAfter(WAIT_SECONDS, TimeUnit.SECONDS, deadlines)) {
            soon.run(() -> {
                T unused = call.get();
            });
        } catch (WorkflowExecutionAlreadyStarted | WorkflowNotFoundException e) {
            throw e;
        } catch (WorkflowServiceException | StatusRuntimeException e) {
            PalimpsestException known = meaning.apply(e);
            throw new PalimpsestException(
                    known.code(), known.getMessage() + "; what was asked is done once it answers", e);
        }
    }
}
