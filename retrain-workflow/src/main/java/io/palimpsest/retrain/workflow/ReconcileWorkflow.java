package io.palimpsest.retrain.workflow;

import io.temporal.workflow.WorkflowInterface;
import io.temporal.workflow.WorkflowMethod;

/** Sources against the documents that we have, one source after the other. */
@WorkflowInterface
public interface ReconcileWorkflow {
    @WorkflowMethod
    RunEnd run(ReconcileRequest request);
}
