package io.palimpsest.retrain.workflow;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Which sources are to be held against the documents that we have.
 *
 * @param runId the same cause gives the same id
 * @param cause the timer and its due time, or {@code manual:} and the name of the key
 * @param source null: all of the collection
 * @param dryRun tell, and change nothing
 * @param allowDeletes however many they are
 * @param before what an earlier part of this run has done; null at its beginning
 */
public record ReconcileRequest(
        String runId,
        Scope scope,
        String cause,
        @Nullable String source,
        boolean dryRun,
        boolean allowDeletes,
        @Nullable Part before)
        implements RunRequest {

    /**
     * Done and still to be done.
     *
     * @param left names of sources
     */
    public record Part(List<String> left, Totals totals) {}

    ReconcileRequest from(Part part) {
        return new ReconcileRequest(runId, scope, cause, source, dryRun, allowDeletes, part);
    }

    /**
     * Over all sources so far.
     *
     * @param stopped sources with the code that stopped each
     */
    public record Totals(int sources, long missing, long changed, long gone, long published, List<String> stopped) {
        static final Totals NONE = new Totals(0, 0, 0, 0, 0, List.of());

        Totals plus(ReconcileActivities.Compared one) {
            List<String> all = new ArrayList<>(stopped);
            if (one.errorCode() != null) {
                all.add(one.source() + " " + one.errorCode());
            }
            return new Totals(
                    sources + 1,
                    missing + one.missing(),
                    changed + one.changed(),
                    gone + one.gone(),
                    published + one.published(),
                    List.copyOf(all));
        }
    }
}
