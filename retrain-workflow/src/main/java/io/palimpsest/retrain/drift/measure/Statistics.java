package io.palimpsest.retrain.drift.measure;

/** The statistics of distributions, by signal. */
final class Statistics {
    private Statistics() {}

    /** NaN where one side has nothing of it. */
    static double of(Signal signal, Tally now, Tally reference) {
        return switch (signal) {
            case QUERY_LENGTH ->
                Distances.populationStability(now.tokens(), reference.tokens(), Distances.deciles(reference.tokens()));
            case TOP_SIMILARITY -> Distances.kolmogorovSmirnov(now.similarity(), reference.similarity());
            case LEG_OVERLAP ->
                Distances.populationStability(
                        now.overlap(), reference.overlap(), Distances.deciles(reference.overlap()));
            case ZERO_RESULTS -> now.emptyShare() - reference.emptyShare();
            case QUERY_EMBEDDING, QUERY_NOVELTY, FEEDBACK_SUCCESS, CANARIES, CANARY_OVERLAP ->
                throw new IllegalArgumentException(signal.id() + " is no statistic of counts");
        };
    }
}
