package io.palimpsest.retrain.timer;

import io.temporal.workflow.WorkflowInterface;
import io.temporal.workflow.WorkflowMethod;

/** What a schedule of the Temporal server starts: it has the time told to whichever process is there. */
@WorkflowInterface
public interface TimerWorkflow {
    @WorkflowMethod
    void due(String timer);
}
