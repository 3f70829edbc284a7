package io.palimpsest.retrain.workflow;

import io.temporal.activity.ActivityInterface;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a reconciliation does. Each may be called again after it was done, and then answers the same. */
@ActivityInterface(namePrefix = "Reconcile.")
public interface ReconcileActivities {
    /** Names of those that are wanted and are there. */
    List<String> sources(ReconcileRequest request);

    /** Minutes to hours: returns when the ingest service has compared it, and published what differs; heartbeats counts. */
    Compared compare(ReconcileRequest request, String source);

    /** Records how it ended. */
    void end(ReconcileRequest request, ReconcileRequest.Totals totals, RunEnd end);

    /**
     * What one source gave.
     *
     * @param errorCode id of what stopped it; null where nothing did
     */
    record Compared(
            String source,
            long missing,
            long changed,
            long gone,
            long published,
            @Nullable String errorCode) {}
}
