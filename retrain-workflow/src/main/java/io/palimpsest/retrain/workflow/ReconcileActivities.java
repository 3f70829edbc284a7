package io.palimpsest.retrain.workflow;

import io.temporal.activity.ActivityInterface;

/** What a reconciliation does. */
@ActivityInterface(namePrefix = "Reconcile.")
public interface ReconcileActivities {
    /** Lists the sources and compares; changes nothing. */
    Difference compare(Scope scope);

    /** Publishes what is missing, and deletes what is gone unless the guard against mass deletes holds it back. */
    Difference mend(Scope scope);

    /**
     * Counts of documents.
     *
     * @param missing in a source, but not with us as it is there
     * @param gone with us, but in no source
     * @param heldBack deletes that wait for a person's approval
     */
    record Difference(int missing, int gone, int heldBack) {}
}
