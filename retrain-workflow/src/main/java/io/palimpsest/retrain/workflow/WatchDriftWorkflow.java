package io.palimpsest.retrain.workflow;

import io.temporal.workflow.SignalMethod;
import io.temporal.workflow.WorkflowInterface;
import io.temporal.workflow.WorkflowMethod;
import java.time.Duration;

/** For ever, one per collection: look at what was measured, prove that alarms still work, act on alarms. */
@WorkflowInterface
public interface WatchDriftWorkflow {
    @WorkflowMethod
    void watch(Watch watch);

    /** Something was measured: look now. */
    @SignalMethod
    void measured();

    /**
     * What to watch.
     *
     * @param lookEvery without a signal
     * @param selfTestEvery how often drift is injected to prove the alarms
     * @param selfTestAt next time that is due, milliseconds since 1970; carried from one history to the next
     */
    record Watch(Scope scope, Duration lookEvery, Duration selfTestEvery, long selfTestAt) {}
}
