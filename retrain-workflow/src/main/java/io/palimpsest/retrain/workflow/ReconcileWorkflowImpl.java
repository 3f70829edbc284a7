package io.palimpsest.retrain.workflow;

import io.palimpsest.contracts.error.ErrorCode;
import io.palimpsest.retrain.workflow.ReconcileRequest.Part;
import io.palimpsest.retrain.workflow.ReconcileRequest.Totals;
import io.temporal.failure.TemporalFailure;
import io.temporal.workflow.Workflow;
import java.time.Duration;
import java.util.List;

/** See the interface. A source that is stopped does not stop the others. */
public final class ReconcileWorkflowImpl implements ReconcileWorkflow {
    /** A source is about six events. */
    private static final int EVENTS_OF_ONE_HISTORY = 2_000;
    /** After it a comparison's worker is taken for dead; it beats every second or so. */
    private static final Duration SILENCE = Duration.ofMinutes(1);

    private final ReconcileActivities quick = Calls.quick(ReconcileActivities.class);
    private final ReconcileActivities slow = Calls.slow(ReconcileActivities.class, SILENCE);
    private Totals totals = Totals.NONE;

    @Override
    public RunEnd run(ReconcileRequest request) {
        RunEnd end;
        try {
            end = story(request);
        } catch (TemporalFailure e) {
            end = new RunEnd(
                    Calls.isCancelled(e) ? Outcome.CANCELLED : Outcome.FAILED, null, Calls.reason(Stage.RECONCILE, e));
        }
        RunEnd told = end;
        Workflow.newDetachedCancellationScope(() -> quick.end(request, totals, told))
                .run();
        return end;
    }

    private RunEnd story(ReconcileRequest request) {
        Calls.tag(request.scope(), Stage.RECONCILE, null);
        Part before = request.before();
        totals = before == null ? Totals.NONE : before.totals();
        List<String> left = before == null ? quick.sources(request) : before.left();
        for (int i = 0; i < left.size(); i++) {
            if (Workflow.getInfo().isContinueAsNewSuggested()
                    || Workflow.getInfo().getHistoryLength() >= EVENTS_OF_ONE_HISTORY) {
                Workflow.continueAsNew(request.from(new Part(left.subList(i, left.size()), totals)));
            }
            totals = totals.plus(slow.compare(request, left.get(i)));
        }
        return new RunEnd(outcome(), null, reason(request));
    }

    private Outcome outcome() {
        if (totals.stopped().isEmpty()) {
            return Outcome.RECONCILED;
        }
        String held = ErrorCode.RECONCILE_DELETES_TOO_MUCH.id();
        return totals.stopped().stream().allMatch(one -> one.endsWith(held)) ? Outcome.DELETES_HELD : Outcome.FAILED;
    }

    private String reason(ReconcileRequest request) {
        String counts = totals.sources() + " sources: " + totals.missing() + " missing, " + totals.changed()
                + " changed, " + totals.gone() + " gone; "
                + (request.dryRun() ? "dry run" : totals.published() + " published");
        return totals.stopped().isEmpty() ? counts : counts + "; stopped: " + String.join(", ", totals.stopped());
    }
}
