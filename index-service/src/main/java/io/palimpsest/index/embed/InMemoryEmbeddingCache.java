package io.palimpsest.index.embed;

import io.palimpsest.contracts.id.ContentHash;
import io.palimpsest.contracts.id.ModelId;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Keeps every vector in the heap until the process ends: for tests and short runs. */
public final class InMemoryEmbeddingCache implements EmbeddingCache {
    private final Map<Key, float[]> vectors = new ConcurrentHashMap<>();

    private record Key(ModelId model, ContentHash textHash) {}

    @Override
    public Map<ContentHash, float[]> find(ModelId model, Collection<ContentHash> textHashes) {
        Map<ContentHash, float[]> found = new HashMap<>();
        for (ContentHash hash : textHashes) {
            float[] vector = vectors.get(new Key(model, hash));
            if (vector != null) {
                found.put(hash, vector.clone());
            }
        }
        return found;
    }

    @Override
    public void put(ModelId model, Map<ContentHash, float[]> added) {
        added.forEach((hash, vector) -> vectors.put(new Key(model, hash), vector.clone()));
    }

    @Override
    public long count(Collection<ContentHash> textHashes) {
        return keys(textHashes).size();
    }

    @Override
    public long remove(Collection<ContentHash> textHashes) {
        return keys(textHashes).stream()
                .filter(key -> vectors.remove(key) != null)
                .count();
    }

    private List<Key> keys(Collection<ContentHash> textHashes) {
        Set<ContentHash> asked = Set.copyOf(textHashes);
        return vectors.keySet().stream()
                .filter(key -> asked.contains(key.textHash()))
                .toList();
    }
}
