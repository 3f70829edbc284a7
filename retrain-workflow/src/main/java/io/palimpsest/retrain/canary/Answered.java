package io.palimpsest.retrain.canary;

import io.palimpsest.contracts.id.ContentHash;
import io.palimpsest.retrain.evaluate.Measure;
import io.palimpsest.retrain.evaluate.SearchUnderTest;
import io.palimpsest.retrain.judgement.JudgedQuestion;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * How a canary was answered, by what is known of its documents now: what was judged since counts for the answers of before too, or
 * every new judgement would look like a loss.
 *
 * @param ndcg of the first ten, 0 to 1
 * @param recall share of the relevant documents among the first 50
 * @param found digests of the first 50 documents, best first: which ones is nobody's business
 */
record Answered(double ndcg, double recall, List<String> found) {
    private static final int SHOWN = 10;
    private static final int DIGEST = 16;

    Answered {
        found = List.copyOf(found);
    }

    static Answered of(JudgedQuestion question, SearchUnderTest search) {
        return of(
                question,
                search.search(question.query()).ranking().stream()
                        .limit(SearchUnderTest.DEPTH)
                        .map(Answered::digest)
                        .toList());
    }

    /** @param found as it was kept */
    static Answered of(JudgedQuestion question, List<String> found) {
        Map<String, Integer> gains = new HashMap<>();
        question.gains().forEach((document, gain) -> gains.put(digest(document), gain));
        return new Answered(Measure.NDCG_AT_10.of(found, gains), Measure.RECALL_AT_50.of(found, gains), found);
    }

    private static String digest(String document) {
        return ContentHash.ofText(document).value().substring(0, DIGEST);
    }

    /** Share of the first ten of before that are among the first ten now; 1 where there were none. */
    double overlapWith(Answered before) {
        Set<String> shown = Set.copyOf(before.shown());
        Set<String> kept = new HashSet<>(shown());
        kept.retainAll(shown);
        return shown.isEmpty() ? 1 : (double) kept.size() / shown.size();
    }

    private List<String> shown() {
        return found.subList(0, Math.min(SHOWN, found.size()));
    }
}
