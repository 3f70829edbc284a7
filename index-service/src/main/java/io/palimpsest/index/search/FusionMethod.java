package io.palimpsest.index.search;

/** How the two legs of a hybrid search become one ranking. */
public enum FusionMethod {
    /** Weighted sum of min-max normalised scores. */
    SCORES,
    /** Reciprocal ranks, k = 60 (Cormack et al. 2009). */
    RANKS
}
