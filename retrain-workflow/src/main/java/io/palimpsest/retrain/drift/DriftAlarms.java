package io.palimpsest.retrain.drift;

import io.palimpsest.retrain.drift.policy.DriftAlarm;

/**
 * Told of each alarm after it was stored; not told again where the process dies between. Who must act on every alarm reads
 * {@link DriftStore#open} besides, and acts under the alarm's id.
 */
@FunctionalInterface
public interface DriftAlarms {
    void raised(DriftAlarm alarm);
}
