package io.palimpsest.retrain.drift.measure;

import io.palimpsest.contracts.event.QueryServed;
import org.jspecify.annotations.Nullable;

/**
 * What drift looks at in one query.
 *
 * <p>Threading: immutable; the embedding must not be changed.
 */
public final class QuerySample {
    private final float @Nullable [] embedding;
    private final int tokens;
    private final @Nullable Double topSimilarity;
    private final @Nullable Double legOverlap;
    private final boolean empty;

    /**
     * @param embedding {@code float[dim]}, L2-normalised; null without a vector leg
     * @param topSimilarity cosine of the best hit
     * @param legOverlap 0 to 1
     * @param hits 0: it counts among those without results
     */
    public QuerySample(
            float @Nullable [] embedding,
            int tokens,
            @Nullable Double topSimilarity,
            @Nullable Double legOverlap,
            int hits) {
        this.embedding = embedding;
        this.tokens = tokens;
        this.topSimilarity = topSimilarity;
        this.legOverlap = legOverlap;
        this.empty = hits == 0;
    }

    /** @throws IllegalArgumentException when the embedding cannot be read */
    public static QuerySample of(QueryServed query) {
        String embedding = query.embedding();
        return of(query, embedding == null ? null : Vectors.decode(embedding));
    }

    /** Everything but the embedding, which costs most to read. */
    public static QuerySample figures(QueryServed query) {
        return of(query, null);
    }

    private static QuerySample of(QueryServed query, float @Nullable [] embedding) {
        return new QuerySample(embedding, query.queryTokens(), query.topSimilarity(), query.legOverlap(), query.hits());
    }

    public float @Nullable [] embedding() {
        return embedding;
    }

    int tokens() {
        return tokens;
    }

    @Nullable
    Double topSimilarity() {
        return topSimilarity;
    }

    @Nullable
    Double legOverlap() {
        return legOverlap;
    }

    boolean empty() {
        return empty;
    }
}
