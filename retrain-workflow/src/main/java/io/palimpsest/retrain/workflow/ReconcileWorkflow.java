package io.palimpsest.retrain.workflow;

import io.temporal.workflow.WorkflowInterface;
import io.temporal.workflow.WorkflowMethod;

/** Compares a collection's sources with the ledger of documents and mends the difference, or only tells it. */
@WorkflowInterface
public interface ReconcileWorkflow {
    @WorkflowMethod
    ReconcileActivities.Difference reconcile(Scope scope, boolean dryRun);
}
