package io.palimpsest.retrain.evaluate;

import java.util.List;
import java.util.Map;

/** Judged queries that are looked at together. */
public record EvaluationSlice(String name, Kind kind, List<Judged> queries) {
    public EvaluationSlice {
        queries = List.copyOf(queries);
    }

    /** What a slice can show. */
    public enum Kind {
        /** None of its documents was trained on. */
        DOCUMENT_DISJOINT,
        /** Asked later than everything that was trained on. */
        TIME_LATER,
        /** Frozen, of no relation to what was trained on: shows what was forgotten. */
        GENERAL,
        /** Test queries of one kind. */
        TAG
    }

    /**
     * A query with what is known of its documents.
     *
     * @param gains document id to grade, 0 not relevant
     */
    public record Judged(String queryId, String query, Map<String, Integer> gains) {
        public Judged {
            gains = Map.copyOf(gains);
        }
    }
}
