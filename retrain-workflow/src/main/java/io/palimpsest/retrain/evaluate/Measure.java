package io.palimpsest.retrain.evaluate;

import java.util.List;
import java.util.Map;

/** What a ranking is measured by; 0 to 1, higher is better. */
public enum Measure {
    NDCG_AT_10("nDCG@10") {
        @Override
        public double of(List<String> ranking, Map<String, Integer> gains) {
            return Measures.ndcgAtK(ranking, gains, K);
        }
    },
    RECALL_AT_10("recall@10") {
        @Override
        public double of(List<String> ranking, Map<String, Integer> gains) {
            return Measures.recallAtK(ranking, gains, K);
        }
    },
    RECALL_AT_50("recall@50") {
        @Override
        public double of(List<String> ranking, Map<String, Integer> gains) {
            return Measures.recallAtK(ranking, gains, SearchUnderTest.DEPTH);
        }
    },
    MRR("MRR") {
        @Override
        public double of(List<String> ranking, Map<String, Integer> gains) {
            return Measures.reciprocalRank(ranking, gains);
        }
    };

    private static final int K = 10;

    private final String label;

    Measure(String label) {
        this.label = label;
    }

    public abstract double of(List<String> ranking, Map<String, Integer> gains);

    /** As people write it. */
    public String label() {
        return label;
    }
}
