package io.palimpsest.retrain.evaluate;

import io.palimpsest.retrain.evaluate.Evaluation.Comparison;
import io.palimpsest.retrain.evaluate.Evaluation.SliceResult;
import io.palimpsest.retrain.evaluate.GateVerdict.Reason;
import io.palimpsest.retrain.evaluate.GateVerdict.Refusal;
import io.palimpsest.retrain.snapshot.SnapshotStanding;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Refuses every candidate that has not shown, on documents it was not trained on, that it is better, or that loses elsewhere
 * (law 10).
 *
 * <p>Threading: safe; a pure function.
 */
public final class Gate {
    private final GateRules rules;

    public Gate(GateRules rules) {
        this.rules = rules;
    }

    public GateVerdict judge(Evaluation evaluation, SnapshotStanding snapshot) {
        List<Refusal> refusals = new ArrayList<>();
        List<String> notes = new ArrayList<>();
        snapshot(snapshot, refusals);
        gain(evaluation, refusals);
        for (SliceResult slice : evaluation.slices()) {
            guard(slice, refusals, notes);
        }
        for (EvaluationSlice.Kind kind : List.of(EvaluationSlice.Kind.TIME_LATER, EvaluationSlice.Kind.GENERAL)) {
            if (evaluation.slices().stream().noneMatch(slice -> slice.kind() == kind)) {
                notes.add("There is no slice " + kind + ": it was not looked at.");
            }
        }
        latency(evaluation, refusals);
        return new GateVerdict(refusals, notes);
    }

    private static void snapshot(SnapshotStanding standing, List<Refusal> refusals) {
        switch (standing) {
            case SnapshotStanding.Sound sound -> {}
            case SnapshotStanding.Unregistered unknown ->
                refusals.add(new Refusal(
                        Reason.SNAPSHOT_UNREGISTERED,
                        "The training set " + shortened(unknown) + " is not one that was made here."));
            case SnapshotStanding.Tainted tainted ->
                refusals.add(new Refusal(
                        Reason.SNAPSHOT_TAINTED,
                        String.format(
                                Locale.ROOT,
                                "The training set %s holds %d documents that were erased since, and %d marked sensitive.",
                                shortened(tainted),
                                tainted.erased(),
                                tainted.sensitive())));
        }
    }

    private static String shortened(SnapshotStanding standing) {
        return standing.snapshot().value().substring(0, 12);
    }

    /** Only documents that were not trained on can show a gain: repeated ones show memory. */
    private void gain(Evaluation evaluation, List<Refusal> refusals) {
        List<SliceResult> unseen = evaluation.slices().stream()
                .filter(slice -> slice.kind() == EvaluationSlice.Kind.DOCUMENT_DISJOINT)
                .toList();
        if (unseen.stream().noneMatch(slice -> slice.queries() >= rules.minimumQueries())) {
            refusals.add(new Refusal(
                    Reason.NOT_SHOWN,
                    String.format(
                            Locale.ROOT,
                            "No slice of documents that were not trained on has %d queries; the largest has %d.",
                            rules.minimumQueries(),
                            unseen.stream().mapToInt(SliceResult::queries).max().orElse(0))));
        }
        for (SliceResult slice : unseen) {
            Comparison found = slice.of(rules.measure());
            if (slice.queries() >= rules.minimumQueries() && !(found.low() > 0)) {
                refusals.add(new Refusal(
                        Reason.NO_GAIN,
                        String.format(
                                Locale.ROOT,
                                "On %s %s changed by %+.4f [%+.4f, %+.4f]: the interval is not above zero.",
                                slice.name(),
                                rules.measure().label(),
                                found.gain(),
                                found.low(),
                                found.high())));
            }
        }
    }

    private void guard(SliceResult slice, List<Refusal> refusals, List<String> notes) {
        if (slice.kind() == EvaluationSlice.Kind.DOCUMENT_DISJOINT) {
            return; // must show a gain, see above
        }
        if (slice.queries() < rules.minimumQueries()) {
            notes.add(slice.name() + " has " + slice.queries() + " queries, too few to guard anything.");
            return;
        }
        boolean general = slice.kind() == EvaluationSlice.Kind.GENERAL;
        double tolerance = general ? rules.forgetting() : rules.toleranceOf(slice.name());
        Comparison found = slice.of(rules.measure());
        // NaN is no pass: written so that only a number within the tolerance is.
        boolean within = found.gain() >= -tolerance && found.high() >= 0;
        if (!within) {
            refusals.add(new Refusal(
                    general ? Reason.FORGETTING : Reason.SLICE_LOSS,
                    String.format(
                            Locale.ROOT,
                            "On %s %s changed by %+.4f [%+.4f, %+.4f], %s.",
                            slice.name(),
                            rules.measure().label(),
                            found.gain(),
                            found.low(),
                            found.high(),
                            found.gain() >= -tolerance
                                    ? "surely a loss"
                                    : String.format(Locale.ROOT, "a loss beyond %.4f", tolerance))));
        }
    }

    private void latency(Evaluation evaluation, List<Refusal> refusals) {
        double allowed =
                Math.max(rules.latencyFloorMillis(), evaluation.servingLoad().p95Millis() * rules.latencyRatio());
        double actual = evaluation.candidateLoad().p95Millis();
        if (!(actual <= allowed)) {
            refusals.add(new Refusal(
                    Reason.TOO_SLOW,
                    String.format(
                            Locale.ROOT,
                            "A search took %.0f ms at the 95th percentile; %.0f ms are allowed, the serving model took %.0f ms.",
                            actual,
                            allowed,
                            evaluation.servingLoad().p95Millis())));
        }
    }
}
