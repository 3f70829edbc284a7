package io.palimpsest.index.search;

import io.palimpsest.contracts.event.QueryServed;
import io.palimpsest.index.generation.Serving;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What is told of a search: numbers, no text. */
final class ServedFacts {
    private static final int FIRST_HITS = 10;

    private ServedFacts() {}

    /** @param queryTokens special ones left out */
    record Measured(int queryTokens, Duration took, Instant at) {}

    static QueryServed of(
            Serving serving,
            SearchRequest request,
            SearchTarget target,
            Retrieval retrieval,
            float @Nullable [] vector,
            Measured measured) {
        return new QueryServed(
                retrieval.queryId(),
                serving.collection(),
                serving.id(),
                serving.model(),
                target.probe() || target.isEvaluation(),
                retrieval.hits().size(),
                topSimilarity(retrieval.hits()),
                request.mode() == SearchMode.HYBRID ? legOverlap(retrieval.hits()) : null,
                measured.queryTokens(),
                measured.took().toMillis(),
                vector == null ? null : Base64.getEncoder().encodeToString(littleEndian(vector)),
                measured.at());
    }

    private static @Nullable Double topSimilarity(List<RankedPassage> hits) {
        return hits.stream()
                .map(hit -> hit.scores().similarity())
                .filter(Objects::nonNull)
                .map(Float::doubleValue)
                .max(Double::compare)
                .orElse(null);
    }

    private static @Nullable Double legOverlap(List<RankedPassage> hits) {
        List<RankedPassage> first = hits.subList(0, Math.min(FIRST_HITS, hits.size()));
        if (first.isEmpty()) {
            return null;
        }
        long both = first.stream()
                .filter(hit -> hit.scores().vectorRank() != null && hit.scores().keywordRank() != null)
                .count();
        return both / (double) first.size();
    }

    private static byte[] littleEndian(float[] vector) {
        ByteBuffer bytes = ByteBuffer.allocate(vector.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asFloatBuffer().put(vector);
        return bytes.array();
    }
}
