package io.palimpsest.retrain.drift.policy;

/**
 * When a signal is alarming.
 *
 * @param minSamples windows with fewer say nothing
 * @param crossings of the last {@code windows} that make it alarming
 * @param windows judged windows that are looked back on
 * @param clearBelow share of the threshold, 0 exclusive to 1: only when all of the last windows are below, it is calm again
 */
public record AlarmRule(long minSamples, int crossings, int windows, double clearBelow) {
    public AlarmRule {
        if (crossings < 1 || windows < crossings || !(clearBelow > 0 && clearBelow <= 1)) {
            throw new IllegalArgumentException(
                    "an alarm of " + crossings + " crossings in " + windows + " windows, clear below " + clearBelow);
        }
    }
}
