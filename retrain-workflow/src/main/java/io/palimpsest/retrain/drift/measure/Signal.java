package io.palimpsest.retrain.drift.measure;

import java.util.Arrays;
import java.util.List;

/** What is followed of queries and of feedback. */
public enum Signal {
    /** Maximum mean discrepancy of the embeddings, squared: questions as a whole are about something else. */
    QUERY_EMBEDDING("query-embedding", true),
    /** Share of questions farther from the reference than nearly all of its own: a new kind among the known. */
    QUERY_NOVELTY("query-novelty", true),
    /** Population stability index of the length in tokens. */
    QUERY_LENGTH("query-length", false),
    /** Kolmogorov-Smirnov distance of the best hit's similarity. */
    TOP_SIMILARITY("top-similarity", true),
    /** Population stability index of how far the legs agree. */
    LEG_OVERLAP("leg-overlap", false),
    /** Share of questions without hits, above the reference's. */
    ZERO_RESULTS("zero-results", false),
    /** Logarithm of the capital won by betting that feedback has become worse. */
    FEEDBACK_SUCCESS("feedback-success", false),
    /** How surprising it is that known answers stand lower: minus the logarithm of the probability of chance. */
    CANARIES("canaries", false),
    /** Share of documents among the first ten of known questions that were not there when the generation went live. */
    CANARY_OVERLAP("canary-overlap", false);

    private static final List<Signal> OF_QUERIES = Arrays.stream(values())
            .filter(s -> s != FEEDBACK_SUCCESS && !s.ofCanaries())
            .toList();

    private final String id;
    private final boolean ofModel;

    Signal(String id, boolean ofModel) {
        this.id = id;
        this.ofModel = ofModel;
    }

    public String id() {
        return id;
    }

    /** Whether it compares what an embedding model makes: another model than the reference's cannot be compared. */
    public boolean ofModel() {
        return ofModel;
    }

    /** Whether it is measured by asking, whatever people ask. */
    public boolean ofCanaries() {
        return this == CANARIES || this == CANARY_OVERLAP;
    }

    /** Whether that is the id of one. */
    public static boolean known(String id) {
        return Arrays.stream(values()).anyMatch(signal -> signal.id.equals(id));
    }

    /** All that are measured of a window of queries. */
    public static List<Signal> ofQueries() {
        return OF_QUERIES;
    }
}
