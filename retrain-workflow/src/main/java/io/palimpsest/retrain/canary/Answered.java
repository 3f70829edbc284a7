package io.palimpsest.retrain.canary;

import io.palimpsest.contracts.id.ContentHash;
import io.palimpsest.retrain.evaluate.Measure;
import io.palimpsest.retrain.evaluate.SearchUnderTest;
import io.palimpsest.retrain.judgement.JudgedQuestion;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * How a canary was answered.
 *
 * @param ndcg of the first ten, 0 to 1
 * @param recall share of the relevant documents among the first 50
 * @param shown digests of the first ten documents, best first: which ones is nobody's business
 */
record Answered(double ndcg, double recall, List<String> shown) {
    private static final int SHOWN = 10;
    private static final int DIGEST = 16;

    Answered {
        shown = List.copyOf(shown);
    }

    static Answered of(JudgedQuestion question, SearchUnderTest search) {
        List<String> ranking = search.search(question.query()).ranking();
        return new Answered(
                Measure.NDCG_AT_10.of(ranking, question.gains()),
                Measure.RECALL_AT_50.of(ranking, question.gains()),
                ranking.stream()
                        .limit(SHOWN)
                        .map(document -> ContentHash.ofText(document).value().substring(0, DIGEST))
                        .toList());
    }

    /** Share of what was shown before that is shown now; 1 where nothing was. */
    double overlapWith(Answered before) {
        Set<String> kept = new HashSet<>(before.shown());
        kept.retainAll(Set.copyOf(shown));
        return before.shown().isEmpty()
                ? 1
                : (double) kept.size() / before.shown().size();
    }
}
