package io.palimpsest.retrain.workflow;

import io.temporal.workflow.SignalMethod;
import io.temporal.workflow.WorkflowInterface;
import io.temporal.workflow.WorkflowMethod;

/** A second person, then store after store, then a look at each, then the certificate. Once it has begun, nothing stops it. */
@WorkflowInterface
public interface EraseWorkflow {
    @WorkflowMethod
    RunEnd run(EraseRequest request);

    /** Somebody approved or refused. */
    @SignalMethod
    void decided();
}
