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
    /** Far below the 50,000 at which servers end a workflow; a look is about eight events. */
    private static final int EVENTS_OF_ONE_HISTORY = 2_000;

    private final DriftActivities activities = Calls.quick(DriftActivities.class);
    private boolean alarmed;

    @Override
    public void watch(Scope scope, Duration lookEvery) {
        while (!Workflow.getInfo().isContinueAsNewSuggested()
                && Workflow.getInfo().getHistoryLength() < EVENTS_OF_ONE_HISTORY) {
            alarmed = false;
            activities.triage(scope).forEach(WatchDriftWorkflowImpl::start);
            Workflow.await(lookEvery, () -> alarmed);
        }
        Workflow.continueAsNew(scope, lookEvery);
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
    public void alarmed() {
        alarmed = true;
    }
}
