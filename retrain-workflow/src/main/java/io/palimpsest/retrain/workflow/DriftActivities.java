package io.palimpsest.retrain.workflow;

import io.temporal.activity.ActivityInterface;
import java.util.List;

/** What watching drift does. */
@ActivityInterface(namePrefix = "Drift.")
public interface DriftActivities {
    /**
     * Looks at the alarms that hold, records what people have to act on (ask content owners, re-index a source), and says which
     * runs are to start. The same alarm gives the same run.
     */
    List<FineTuneRequest> triage(Scope scope);
}
