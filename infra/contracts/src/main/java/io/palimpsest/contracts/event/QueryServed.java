package io.palimpsest.contracts.event;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.palimpsest.contracts.id.CollectionKey;
import io.palimpsest.contracts.id.GenerationId;
import io.palimpsest.contracts.id.ModelId;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Hop 6: a query was answered with hits or without. Numbers only: neither the query's text nor a hit's.
 *
 * @param probe whether nobody asked it: canaries, evaluations and self-tests; drift of what people ask leaves it out
 * @param hits hits that were shown
 * @param topSimilarity cosine of the best hit of the vector leg, -1 to 1; null without that leg or without hits
 * @param legOverlap share of the first ten hits that both legs found, 0 to 1; null where one leg only was asked
 * @param queryTokens by the embedder's tokenizer, special tokens left out
 * @param embedding the query's vector, {@code float32[dim]} little-endian, L2-normalised, in Base64; null without that leg
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record QueryServed(
        String queryId,
        CollectionKey collection,
        GenerationId generation,
        ModelId model,
        boolean probe,
        int hits,
        @Nullable Double topSimilarity,
        @Nullable Double legOverlap,
        int queryTokens,
        long durationMillis,
        @Nullable String embedding,
        Instant at) {}
