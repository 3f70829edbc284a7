package io.palimpsest.index.embed;

import io.palimpsest.contracts.id.ContentHash;
import io.palimpsest.contracts.id.ModelId;
import java.util.Collection;
import java.util.Map;

/**
 * Keeps vectors by the hash of their text and the model that made them.
 *
 * <p>Threading: safe for use from any thread. Ordering: putting the same key again is harmless. Failure: {@code DATABASE_FAILED}.
 */
public interface EmbeddingCache {
    /** The known ones among the asked; unknown ones are absent from the map. */
    Map<ContentHash, float[]> find(ModelId model, Collection<ContentHash> textHashes);

    /** When this returns, the vectors are as durable as the cache is. */
    void put(ModelId model, Map<ContentHash, float[]> vectors);

    /** Vectors of these texts, under every model. */
    long count(Collection<ContentHash> textHashes);

    /**
     * Under every model.
     *
     * @return how many vectors there were
     */
    long remove(Collection<ContentHash> textHashes);
}
