package io.palimpsest.retrain.workflow;

import io.palimpsest.platform.temporal.TemporalConnection;
import io.palimpsest.retrain.timer.TimerActivities;
import io.palimpsest.retrain.timer.TimerWorkflowImpl;
import io.temporal.client.WorkflowClient;
import io.temporal.client.WorkflowClientOptions;
import io.temporal.worker.Worker;
import io.temporal.worker.WorkerFactory;
import io.temporal.worker.WorkerFactoryOptions;
import io.temporal.worker.WorkerOptions;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * Runs the workflows and their activities in this process.
 *
 * <p>Threading: a pool of its own between {@link #start} and {@link #close}. What is cut off by a close or a kill is given
 * to a worker again when its heartbeat is missed.
 */
public final class RetrainWorker implements AutoCloseable {
    public static final String TASK_QUEUE = "palimpsest-retrain";

    /** A run trains alone: two at once would take search's share of the processors. */
    private static final int ACTIVITIES_AT_ONCE = 4;

    /** A cancellation comes with the answer to a beat; the SDK would let one in most of a minute through. */
    private static final Duration BEATS = Duration.ofSeconds(1);

    private static final long CLOSE_SECONDS = 10;

    private final WorkerFactory factory;

    private RetrainWorker(WorkerFactory factory) {
        this.factory = factory;
    }

    /** What the workflows call. */
    public record Activities(
            TrainingActivities training,
            RolloutActivities rollout,
            DriftActivities drift,
            FeedbackActivities feedback,
            ReconcileActivities reconcile,
            EraseActivities erase,
            TimerActivities timers) {}

    public static RetrainWorker start(TemporalConnection temporal, Activities activities) {
        WorkerFactory factory = WorkerFactory.newInstance(client(temporal), options());
        register(factory.newWorker(TASK_QUEUE, limits()), activities);
        factory.start();
        return new RetrainWorker(factory);
    }

    static WorkflowClient client(TemporalConnection temporal) {
        return WorkflowClient.newInstance(
                temporal.service(),
                WorkflowClientOptions.newBuilder()
                        .setNamespace(temporal.namespace())
                        .build());
    }

    static WorkerFactoryOptions options() {
        return WorkerFactoryOptions.newBuilder()
                .setWorkerInterceptors(new FailureCodes())
                .build();
    }

    static WorkerOptions limits() {
        return WorkerOptions.newBuilder()
                .setMaxConcurrentActivityExecutionSize(ACTIVITIES_AT_ONCE)
                .setMaxHeartbeatThrottleInterval(BEATS)
                .build();
    }

    static void register(Worker worker, Activities activities) {
        worker.registerWorkflowImplementationTypes(
                FineTuneWorkflowImpl.class,
                RolloutWorkflowImpl.class,
                WatchDriftWorkflowImpl.class,
                CollectFeedbackWorkflowImpl.class,
                ReconcileWorkflowImpl.class,
                EraseWorkflowImpl.class,
                TimerWorkflowImpl.class);
        worker.registerActivitiesImplementations(Stream.of(
                        activities.training(),
                        activities.rollout(),
                        activities.drift(),
                        activities.feedback(),
                        activities.reconcile(),
                        activities.erase(),
                        activities.timers())
                .distinct()
                .toArray());
    }

    @Override
    public void close() {
        factory.shutdownNow();
        factory.awaitTermination(CLOSE_SECONDS, TimeUnit.SECONDS);
    }
}
