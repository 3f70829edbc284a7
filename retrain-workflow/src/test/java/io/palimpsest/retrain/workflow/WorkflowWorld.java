package io.palimpsest.retrain.workflow;

import io.temporal.client.WorkflowClient;
import io.temporal.client.WorkflowOptions;
import io.temporal.testing.TestEnvironmentOptions;
import io.temporal.testing.TestWorkflowEnvironment;
import java.time.Duration;

/** Workflows on a server in memory that skips time, with activities that answer as they are told. */
final class WorkflowWorld implements AutoCloseable {
    static final Scope SCOPE = new Scope("acme", "handbook", false);
    static final Duration SILENCE = Duration.ofMinutes(1);
    static final RolloutPace PACE =
            new RolloutPace(Duration.ofMinutes(30), 0.1, Duration.ofDays(1), Duration.ofHours(1));

    final FakeActivities activities = new FakeActivities();
    final TestWorkflowEnvironment server;
    final WorkflowClient client;

    WorkflowWorld() {
        this(true);
    }

    /** On a server in memory as people have it where there is no other. */
    static WorkflowWorld inRealTime() {
        return new WorkflowWorld(false);
    }

    private WorkflowWorld(boolean skipsTime) {
        server = TestWorkflowEnvironment.newInstance(TestEnvironmentOptions.newBuilder()
                .setWorkerFactoryOptions(RetrainWorker.options())
                .setUseTimeskipping(skipsTime)
                .build());
        RetrainWorker.register(server.newWorker(RetrainWorker.TASK_QUEUE, RetrainWorker.limits()), activities.all());
        server.start();
        client = server.getWorkflowClient();
    }

    static FineTuneRequest request(String runId) {
        return new FineTuneRequest(
                runId, SCOPE, "alarm-1", "lora", 17, 0, Duration.ZERO, Duration.ofDays(3), SILENCE, PACE);
    }

    RunEnd run(String runId) {
        return fineTune(runId).run(request(runId));
    }

    FineTuneWorkflow fineTune(String runId) {
        return stub(FineTuneWorkflow.class, WorkflowIds.fineTune(runId));
    }

    <T> T stub(Class<T> workflow, String id) {
        return client.newWorkflowStub(
                workflow,
                WorkflowOptions.newBuilder()
                        .setWorkflowId(id)
                        .setTaskQueue(RetrainWorker.TASK_QUEUE)
                        .build());
    }

    /** As a server keeps it. */
    String history(String workflowId) {
        return client.fetchHistory(workflowId).toJson(true);
    }

    @Override
    public void close() {
        server.close();
    }
}
