package io.palimpsest.retrain.workflow;

import io.palimpsest.retrain.workflow.ReconcileActivities.Difference;

/** See the interface. */
public final class ReconcileWorkflowImpl implements ReconcileWorkflow {
    private final ReconcileActivities activities = Calls.slow(ReconcileActivities.class);

    @Override
    public Difference reconcile(Scope scope, boolean dryRun) {
        Difference found = activities.compare(scope);
        return dryRun || found.missing() + found.gone() == 0 ? found : activities.mend(scope);
    }
}
