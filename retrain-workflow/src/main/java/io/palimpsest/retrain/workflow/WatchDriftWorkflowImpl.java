package io.palimpsest.retrain.workflow;

import io.temporal.api.enums.v1.ParentClosePolicy;
import io.temporal.api.enums.v1.WorkflowIdReusePolicy;
import io.temporal.failure.ChildWorkflowFailure;
import io.temporal.workflow.Async;
import io.temporal.workflow.ChildWorkflowOptions;
import io.temporal.workflow.Workflow;
import java.time.Duration;

/** See the interface. */
public final class WatchDriftWorkflowImpl implements WatchDriftWorkflow {
    /** Far below the 50,000 at which servers end a workflow; a look is about ten events. */
    private static final int EVENTS_OF_ONE_HISTORY = 2_000;

    private final DriftActivities activities = Calls.quick(DriftActivities.class);
    private boolean measured;

    @Override
    public void watch(Watch watch) {
        long selfTestAt = watch.selfTestAt() == 0
                ? Workflow.currentTimeMillis() + watch.selfTestEvery().toMillis()
                : watch.selfTestAt();
        while (!Workflow.getInfo().isContinueAsNewSuggested()
                && Workflow.getInfo().getHistoryLength() < EVENTS_OF_ONE_HISTORY) {
            long untilTest = Math.max(0, selfTestAt - Workflow.currentTimeMillis());
            Workflow.await(
                    Duration.ofMillis(Math.min(untilTest, watch.lookEvery().toMillis())), () -> measured);
            measured = false;
            if (Workflow.currentTimeMillis() >= selfTestAt) {
                activities.selfTest(watch.scope());
                selfTestAt += watch.selfTestEvery().toMillis();
            }
            activities.triage(watch.scope()).forEach(WatchDriftWorkflowImpl::start);
        }
        Workflow.continueAsNew(new Watch(watch.scope(), watch.lookEvery(), watch.selfTestEvery(), selfTestAt));
    }

    /** The run goes on by itself; one with this id that exists already is this one (law 9). */
    private static void start(FineTuneRequest request) {
        FineTuneWorkflow run = Workflow.newChildWorkflowStub(
                FineTuneWorkflow.class,
                ChildWorkflowOptions.newBuilder()
                        .setWorkflowId(WorkflowIds.fineTune(request.runId()))
                        .setParentClosePolicy(ParentClosePolicy.PARENT_CLOSE_POLICY_ABANDON)
                        .setWorkflowIdReusePolicy(WorkflowIdReusePolicy.WORKFLOW_ID_REUSE_POLICY_REJECT_DUPLICATE)
                        .build());
        Async.function(run::run, request);
        try {
            Workflow.getWorkflowExecution(run).get();
        } catch (ChildWorkflowFailure e) {
            Workflow.getLogger(WatchDriftWorkflowImpl.class).info("the run of this alarm exists already");
        }
    }

    @Override
    public void measured() {
        measured = true;
    }
}
