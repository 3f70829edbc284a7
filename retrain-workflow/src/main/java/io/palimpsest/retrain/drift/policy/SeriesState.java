package io.palimpsest.retrain.drift.policy;

import io.palimpsest.contracts.event.DriftMeasured;
import java.util.ArrayList;
import java.util.List;

/**
 * The last judged windows of one signal and one size of window.
 *
 * @param last oldest first, at most as many as the rule looks back on
 * @param alarming with hysteresis: on by crossings, off by calm
 */
record SeriesState(String signal, List<Mark> last, boolean alarming) {
    /** One judged window. */
    record Mark(String windowId, double value, double threshold) {
        boolean crossed() {
            return value > threshold;
        }
    }

    SeriesState {
        last = List.copyOf(last);
    }

    static SeriesState none(String signal) {
        return new SeriesState(signal, List.of(), false);
    }

    /** A window that is not judged, or that was taken in already, changes nothing. */
    SeriesState after(DriftMeasured measured, AlarmRule rule) {
        Double value = measured.value();
        Double threshold = measured.threshold();
        if (value == null || threshold == null || measured.samples() < rule.minSamples() || has(measured.windowId())) {
            return this;
        }
        List<Mark> marks = new ArrayList<>(last);
        marks.add(new Mark(measured.windowId(), value, threshold));
        while (marks.size() > rule.windows()) {
            marks.removeFirst();
        }
        boolean calm =
                marks.size() == rule.windows() && marks.stream().allMatch(mark -> mark.value() < clearOf(mark, rule));
        boolean now = crossings(marks) >= rule.crossings() || (alarming && !calm);
        return new SeriesState(signal, marks, now);
    }

    /** Thresholds are 0 or more but for odd references: there, calm is below the threshold itself. */
    private static double clearOf(Mark mark, AlarmRule rule) {
        return mark.threshold() > 0 ? mark.threshold() * rule.clearBelow() : mark.threshold();
    }

    private boolean has(String windowId) {
        return last.stream().anyMatch(mark -> mark.windowId().equals(windowId));
    }

    private static int crossings(List<Mark> marks) {
        return (int) marks.stream().filter(Mark::crossed).count();
    }

    DriftAlarm.Evidence evidence() {
        Mark newest = last.getLast();
        int crossings = crossings(last);
        return new DriftAlarm.Evidence(
                signal,
                newest.windowId(),
                newest.value(),
                newest.threshold(),
                crossings,
                crossings + " of the last " + last.size() + " windows are beyond the threshold");
    }
}
