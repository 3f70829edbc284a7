package io.palimpsest.testkit.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.temporal.api.common.v1.WorkflowExecution;
import io.temporal.api.common.v1.WorkflowType;
import io.temporal.api.enums.v1.WorkflowExecutionStatus;
import io.temporal.api.taskqueue.v1.TaskQueue;
import io.temporal.api.workflowservice.v1.DescribeWorkflowExecutionRequest;
import io.temporal.api.workflowservice.v1.StartWorkflowExecutionRequest;
import io.temporal.serviceclient.WorkflowServiceStubs;
import io.temporal.serviceclient.WorkflowServiceStubsOptions;
import java.time.Duration;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

@NeedsEngine(EngineKind.TEMPORAL)
final class TemporalEngineIT {
    private static final String NAMESPACE = "default";

    private final WorkflowServiceStubs service;

    TemporalEngineIT(TemporalEngine temporal) {
        service = WorkflowServiceStubs.newConnectedServiceStubs(
                WorkflowServiceStubsOptions.newBuilder()
                        .setTarget(temporal.target())
                        .build(),
                Duration.ofSeconds(30));
    }

    @AfterEach
    void disconnect() {
        service.shutdownNow();
    }

    @Test
    void frontendIsHealthy() {
        assertThat(service.healthCheck().getStatus().name()).isEqualTo("SERVING");
    }

    @Test
    void startedWorkflowRuns() {
        String workflowId = "engine-" + UUID.randomUUID();
        String runId = service.blockingStub()
                .startWorkflowExecution(StartWorkflowExecutionRequest.newBuilder()
                        .setNamespace(NAMESPACE)
                        .setWorkflowId(workflowId)
                        .setRequestId(workflowId)
                        .setWorkflowType(WorkflowType.newBuilder().setName("Nobody"))
                        .setTaskQueue(TaskQueue.newBuilder().setName(workflowId))
                        .build())
                .getRunId();

        WorkflowExecutionStatus status = service.blockingStub()
                .describeWorkflowExecution(DescribeWorkflowExecutionRequest.newBuilder()
                        .setNamespace(NAMESPACE)
                        .setExecution(WorkflowExecution.newBuilder()
                                .setWorkflowId(workflowId)
                                .setRunId(runId))
                        .build())
                .getWorkflowExecutionInfo()
                .getStatus();

        assertThat(status).isEqualTo(WorkflowExecutionStatus.WORKFLOW_EXECUTION_STATUS_RUNNING);
    }
}
