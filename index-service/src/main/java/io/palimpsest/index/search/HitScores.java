package io.palimpsest.index.search;

import com.fasterxml.jackson.annotation.JsonInclude;
import org.jspecify.annotations.Nullable;

/**
 * Why a hit is where it is. Null: that leg did not return it, or no reranker ran.
 *
 * @param similarity cosine of query and passage
 * @param normalisedSimilarity share of the best similarity of the search, at most 1
 * @param vectorRank from 1
 * @param fused what both legs gave together
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record HitScores(
        @Nullable Float similarity,
        @Nullable Float bm25,
        @Nullable Float normalisedSimilarity,
        @Nullable Float normalisedBm25,
        @Nullable Integer vectorRank,
        @Nullable Integer keywordRank,
        float fused,
        @Nullable Float rerank) {
    static HitScores of(Fusion.Fused<?> fused) {
        return new HitScores(
                fused.similarity(),
                fused.bm25(),
                fused.normalisedSimilarity(),
                fused.normalisedBm25(),
                fused.vectorRank(),
                fused.keywordRank(),
                fused.score(),
                null);
    }

    HitScores withRerank(float score) {
        return new HitScores(
                similarity, bm25, normalisedSimilarity, normalisedBm25, vectorRank, keywordRank, fused, score);
    }

    /** What the ranking is by. */
    public float ranking() {
        return rerank == null ? fused : rerank;
    }
}
