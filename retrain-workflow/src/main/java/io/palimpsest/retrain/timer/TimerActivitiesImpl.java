package io.palimpsest.retrain.timer;

import java.time.Instant;

/** Hands it on. */
public final class TimerActivitiesImpl implements TimerActivities {
    private final Timers.Handler handler;

    public TimerActivitiesImpl(Timers.Handler handler) {
        this.handler = handler;
    }

    @Override
    public void due(String timer, Instant at) {
        handler.due(timer, at);
    }
}
