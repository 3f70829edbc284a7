package io.palimpsest.retrain.workflow;

import io.temporal.activity.ActivityInterface;
import java.util.List;

/** What watching drift does. */
@ActivityInterface(namePrefix = "Drift.")
public interface DriftActivities {
    /**
     * Looks at what was measured since the last look, records what people have to act on (ask content owners, re-index a
     * source), and says which runs are to start. The same alarm gives the same run.
     */
    List<FineTuneRequest> triage(Scope scope);

    /** Injects drift into a copy of the signals; an alarm that stays silent is an alarm. */
    void selfTest(Scope scope);
}
