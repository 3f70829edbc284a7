package io.palimpsest.retrain.timer;

import io.temporal.activity.ActivityInterface;
import java.time.Instant;

/** How a time that has come reaches a process. */
@ActivityInterface(namePrefix = "Timer.")
public interface TimerActivities {
    void due(String timer, Instant at);
}
