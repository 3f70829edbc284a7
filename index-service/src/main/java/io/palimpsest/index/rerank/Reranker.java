package io.palimpsest.index.rerank;

import java.util.List;

/**
 * Scores passages against a query, higher is better; scores are comparable within one call only.
 *
 * <p>Threading: safe. Failure: {@code RERANKER_FAILED}; the search keeps its fused order and says so.
 */
@FunctionalInterface
public interface Reranker {
    /** Name and version, for receipts; of one that is served elsewhere its name. */
    default String model() {
        return "unnamed";
    }

    /** One finite score for each passage, in their order; none for no passages. */
    List<Float> scores(String query, List<String> passages);
}
