package io.palimpsest.retrain.workflow;

import io.temporal.workflow.QueryMethod;
import io.temporal.workflow.SignalMethod;
import io.temporal.workflow.WorkflowInterface;
import io.temporal.workflow.WorkflowMethod;

/**
 * Snapshot, train, evaluate behind the gate, wait for people, register, roll out. A cancelled one ends as cancelled once its
 * step has let go and its end is recorded.
 */
@WorkflowInterface
public interface FineTuneWorkflow {
    @WorkflowMethod
    RunEnd run(FineTuneRequest request);

    /** Somebody approved or refused: what they said is in the database, where its rules are. */
    @SignalMethod
    void decided();

    @QueryMethod
    Stage stage();
}
