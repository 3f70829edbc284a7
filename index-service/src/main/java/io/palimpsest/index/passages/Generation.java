package io.palimpsest.index.passages;

import io.palimpsest.contracts.id.CollectionKey;
import io.palimpsest.contracts.id.GenerationId;
import io.palimpsest.contracts.id.ModelId;
import io.palimpsest.contracts.id.PassagePolicyId;

/**
 * What a generation was built with.
 *
 * @param dimensions length of every vector in it, 1 to 1,024
 */
public record Generation(
        GenerationId id, CollectionKey collection, ModelId model, PassagePolicyId policy, int dimensions) {
    public static final int MAX_DIMENSIONS = 1024;

    public Generation {
        if (dimensions < 1 || dimensions > MAX_DIMENSIONS) {
            throw new IllegalArgumentException(
                    "dimensions of generation " + id + " must be 1 to " + MAX_DIMENSIONS + ", not " + dimensions);
        }
    }
}
