package io.palimpsest.retrain.drift.measure;

import io.palimpsest.contracts.id.CollectionKey;
import io.palimpsest.contracts.id.ModelId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How a collection's queries were in a period that is taken as good, and how far a window may be from it.
 *
 * @param id the same samples give the same id
 * @param model that made the embeddings
 * @param from inclusive
 * @param to inclusive
 * @param feedback null where there was too little of it
 * @param wantedRate false alarms per window, all signals together, that the thresholds are calibrated to
 */
public record Reference(
        String id,
        CollectionKey collection,
        ModelId model,
        Instant from,
        Instant to,
        Tally tally,
        EmbeddingReference embeddings,
        @Nullable FeedbackReference feedback,
        double wantedRate,
        Thresholds thresholds) {

    /** Standard deviations below which the reference's true rate lies once in a hundred times. */
    private static final double SURE_OF_RATE = 2.33;

    /** Answers that count, and how many of them were good. */
    public record FeedbackReference(long successes, long total) {}

    /** Every signal of queries, in order. */
    public List<Measured> measure(Window window) {
        boolean sameModel = window.model().equals(model) && sameDimension(window);
        long embedded = window.embeddings().size();
        boolean enough = sameModel && embedded >= thresholds.least() && embeddings.size() > 0;
        EmbeddingReference.Shift shift = enough ? embeddings.shift(window.embeddings()) : null;
        List<Measured> all = new ArrayList<>();
        for (Signal signal : Signal.ofQueries()) {
            Tally tally = window.tally();
            long samples = switch (signal) {
                case QUERY_EMBEDDING, QUERY_NOVELTY -> embedded;
                case TOP_SIMILARITY -> tally.similarity().total();
                case LEG_OVERLAP -> tally.overlap().total();
                case QUERY_LENGTH, ZERO_RESULTS, FEEDBACK_SUCCESS, CANARIES, CANARY_OVERLAP -> tally.samples();
            };
            Double threshold = signal.ofModel() && !sameModel
                    ? null
                    : thresholds.of(signal, samples).orElse(null);
            Double value = threshold == null ? null : value(signal, tally, shift);
            all.add(new Measured(signal, samples, value, threshold));
        }
        return all;
    }

    private boolean sameDimension(Window window) {
        return window.embeddings().stream().allMatch(vector -> vector.length == embeddings.dimension());
    }

    private @Nullable Double value(Signal signal, Tally now, EmbeddingReference.@Nullable Shift shift) {
        if (shift == null && (signal == Signal.QUERY_EMBEDDING || signal == Signal.QUERY_NOVELTY)) {
            return null;
        }
        return switch (signal) {
            case QUERY_EMBEDDING -> shift == null ? null : Double.valueOf(shift.discrepancy());
            case QUERY_NOVELTY -> shift == null ? null : Double.valueOf(shift.novelShare());
            case QUERY_LENGTH, TOP_SIMILARITY, LEG_OVERLAP, ZERO_RESULTS -> Statistics.of(signal, now, tally);
            case FEEDBACK_SUCCESS, CANARIES, CANARY_OVERLAP -> null;
        };
    }

    /** A test of whether feedback is worse than it was; empty where the reference had too little of it. */
    public Optional<BettingTest> feedbackTest() {
        return Optional.ofNullable(feedback)
                .map(known ->
                        BettingTest.against(BettingTest.lowerRate(known.successes(), known.total(), SURE_OF_RATE)));
    }

    /** Feedback of one window, in its order; each window is a test of its own. */
    public Measured measureFeedback(BettingTest test) {
        double threshold = -Math.log(wantedRate);
        return feedback == null
                ? new Measured(Signal.FEEDBACK_SUCCESS, test.seen(), null, null)
                : new Measured(Signal.FEEDBACK_SUCCESS, test.seen(), test.peak(), threshold);
    }
}
