package io.palimpsest.index.search;

/** How the two legs of a hybrid search become one ranking. */
public enum FusionMethod {
    /** Weighted sum of scores, each as a share of its leg's best. Decision 0007. */
    SCORES,
    /** Reciprocal ranks, k = 60 (Cormack et al. 2009). */
    RANKS
}
