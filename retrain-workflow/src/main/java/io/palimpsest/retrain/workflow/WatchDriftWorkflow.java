package io.palimpsest.retrain.workflow;

import io.temporal.workflow.SignalMethod;
import io.temporal.workflow.WorkflowInterface;
import io.temporal.workflow.WorkflowMethod;
import java.time.Duration;

/** For ever, one per collection: acts on alarms of drift. That alarms still work is proved where they are measured. */
@WorkflowInterface
public interface WatchDriftWorkflow {
    /** @param lookEvery without a signal */
    @WorkflowMethod
    void watch(Scope scope, Duration lookEvery);

    /** An alarm was raised: look now. */
    @SignalMethod
    void alarmed();
}
