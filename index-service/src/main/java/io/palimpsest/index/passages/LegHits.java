package io.palimpsest.index.passages;

import java.util.List;

/**
 * Hits of both legs from one snapshot. Ordering: by score, highest first, then by passage id.
 *
 * @param vector score = cosine similarity in [-1, 1]
 * @param keyword score = BM25, above 0
 */
public record LegHits(List<ScoredPassage> vector, List<ScoredPassage> keyword) {
    public static final LegHits NONE = new LegHits(List.of(), List.of());

    public LegHits {
        vector = List.copyOf(vector);
        keyword = List.copyOf(keyword);
    }
}
