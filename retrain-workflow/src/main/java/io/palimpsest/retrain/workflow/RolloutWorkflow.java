package io.palimpsest.retrain.workflow;

import io.temporal.workflow.QueryMethod;
import io.temporal.workflow.WorkflowInterface;
import io.temporal.workflow.WorkflowMethod;

/** Build the generation, shadow, swap, watch, keep or roll back. */
@WorkflowInterface
public interface RolloutWorkflow {
    @WorkflowMethod
    RunEnd run(RolloutRequest request);

    @QueryMethod
    Stage stage();
}
