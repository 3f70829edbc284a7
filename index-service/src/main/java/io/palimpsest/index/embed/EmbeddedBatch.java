package io.palimpsest.index.embed;

import io.palimpsest.contracts.id.ContentHash;
import java.util.List;
import java.util.Set;

/**
 * Vectors of a batch of texts, in their order, and which of the texts no cache knew.
 *
 * @param vectors float[dim] each, L2-normalised
 * @param computed hashes of the texts that the model embedded for this batch
 * @param cpuNanos see {@link Embedder.Worked}
 */
public record EmbeddedBatch(List<float[]> vectors, Set<ContentHash> computed, long cpuNanos) {
    public EmbeddedBatch {
        vectors = List.copyOf(vectors);
        computed = Set.copyOf(computed);
    }
}
