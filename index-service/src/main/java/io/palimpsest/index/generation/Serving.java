package io.palimpsest.index.generation;

import io.palimpsest.contracts.id.CollectionKey;
import io.palimpsest.contracts.id.GenerationId;
import io.palimpsest.contracts.id.ModelId;
import io.palimpsest.index.passages.Generation;

/**
 * What one search reads, from its beginning to its end (law 4).
 *
 * @param model of queries; the passages have theirs, or the model is an adapter of that
 */
public record Serving(GenerationId id, ModelId model, Generation passages) {
    public static Serving of(Generation generation) {
        return new Serving(generation.id(), generation.model(), generation);
    }

    public CollectionKey collection() {
        return passages.collection();
    }

    public Serving withModel(ModelId other) {
        return new Serving(id, other, passages);
    }
}
