package io.palimpsest.retrain.workflow;

import io.palimpsest.platform.erasure.ErasableStore;
import io.palimpsest.platform.erasure.ErasureTasks;
import io.temporal.activity.ActivityInterface;
import org.jspecify.annotations.Nullable;

/** What an erasure does outside of its history; each may be repeated. */
@ActivityInterface(namePrefix = "Erase.")
public interface EraseActivities {
    TrainingActivities.Decision decision(EraseRequest request);

    /** @return false where a legal hold keeps the document */
    boolean begin(EraseRequest request);

    /** From here on no source can bring the document back. */
    void suppress(EraseRequest request);

    /**
     * Opens a task for each store of a phase, and waits until all are done.
     *
     * @param phase null: all stores
     * @return what probes found
     */
    long work(EraseRequest request, ErasureTasks.Act act, ErasableStore.@Nullable Phase phase, int round);

    /** Makes the certificate, and tells the ledger its hash. */
    void certify(EraseRequest request);

    void end(EraseRequest request, RunEnd end);
}
