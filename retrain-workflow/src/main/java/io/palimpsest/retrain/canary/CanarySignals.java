package io.palimpsest.retrain.canary;

import io.palimpsest.contracts.event.DriftMeasured;
import io.palimpsest.contracts.id.CollectionKey;
import io.palimpsest.retrain.drift.measure.Signal;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Canaries as signals of drift. Known answers that stand lower: the surprise, minus the natural logarithm of the probability that it is
 * chance, crosses where that is below the false-alarm rate. Other documents shown: the share of them crosses where changed documents
 * do not explain it.
 *
 * <p>Threading: immutable.
 *
 * @param falseAlarmRate 0 exclusive to 1
 * @param every length of a window
 */
record CanarySignals(double falseAlarmRate, Duration every) {
    /** Fewer say nothing; windows of fewer make no alarm either. */
    static final int LEAST = 20;
    /** Of the first ten, whatever did not change (arbitrary: two of ten). */
    private static final double MAY_DIFFER = 0.2;
    /** A changed document may leave the first ten, and another may take a place there. */
    private static final double PER_CHANGED = 2;
    /** All series of one signal are one: its windows have as many questions as there are. */
    private static final String SIZE = "all";

    long window(Instant at) {
        return at.toEpochMilli() / every.toMillis();
    }

    /** @param changedShare documents that changed since the reference, 0 to 1 */
    List<DriftMeasured> of(CanaryMeasurement measured, double changedShare) {
        String number = Long.toString(window(measured.at()));
        return List.of(
                ranks(measured.collection(), number, measured.at(), measured.questions(), measured.chance(), false),
                documents(
                        measured.collection(),
                        number,
                        measured.at(),
                        measured.questions(),
                        1 - measured.overlap(),
                        changedShare,
                        false));
    }

    /** As if every known answer were lost; a signal that does not cross now is dead. Empty where there are too few canaries. */
    List<DriftMeasured> selfTest(CanaryMeasurement measured, double changedShare, long test) {
        if (measured.questions() < LEAST || measured.ndcgBefore() == 0) {
            return List.of();
        }
        Answered lost = new Answered(0, 0, List.of());
        Answered found = new Answered(measured.ndcgBefore(), measured.recallBefore(), List.of("found"));
        CanaryComparison injected = new CanaryComparison(
                Collections.nCopies(measured.questions(), found), Collections.nCopies(measured.questions(), lost));
        String number = "self-" + test;
        DriftMeasured ranks = ranks(
                measured.collection(),
                number,
                measured.at(),
                measured.questions(),
                injected.chance(Canaries.LEAST_CHANCE),
                true);
        DriftMeasured documents = documents(
                measured.collection(),
                number,
                measured.at(),
                measured.questions(),
                1 - injected.overlap(),
                changedShare,
                true);
        return documents.threshold() == null ? List.of(ranks) : List.of(ranks, documents);
    }

    private DriftMeasured ranks(
            CollectionKey collection, String number, Instant at, long questions, double chance, boolean selfTest) {
        Double threshold = questions < LEAST ? null : Double.valueOf(-Math.log(falseAlarmRate));
        return measured(
                new Place(collection, Signal.CANARIES, number, at, selfTest), questions, -Math.log(chance), threshold);
    }

    private DriftMeasured documents(
            CollectionKey collection,
            String number,
            Instant at,
            long questions,
            double others,
            double changedShare,
            boolean selfTest) {
        double allowed = MAY_DIFFER + PER_CHANGED * changedShare;
        Double threshold = questions < LEAST || allowed >= 1 ? null : Double.valueOf(allowed);
        return measured(
                new Place(collection, Signal.CANARY_OVERLAP, number, at, selfTest), questions, others, threshold);
    }

    private record Place(CollectionKey collection, Signal signal, String number, Instant at, boolean selfTest) {}

    private DriftMeasured measured(Place place, long questions, double value, @Nullable Double threshold) {
        return new DriftMeasured(
                place.collection() + ":" + place.signal().id() + ":" + SIZE + ":" + place.number(),
                place.collection(),
                place.signal().id(),
                place.selfTest() ? place.at() : place.at().minus(every),
                place.at().plusMillis(1),
                questions,
                threshold == null ? null : Double.valueOf(value + 0.0), // no -0
                threshold,
                threshold != null && value > threshold,
                place.selfTest());
    }
}
