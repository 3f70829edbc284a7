package io.palimpsest.index.embed;

import io.palimpsest.contracts.id.ContentHash;
import io.palimpsest.contracts.id.ModelId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * Embeds no text twice under one model: what the cache knows is reused, what is new is embedded and cached.
 *
 * <p>Ordering: new vectors are in the cache before they are returned. A cached vector that is not a unit vector of the model's
 * dimensions is embedded again and replaced.
 */
public final class CachingEmbedder implements Embedder {
    /** Texts per chunk: a few seconds of embedding on two cores. */
    private static final int CHUNK = 256;

    private final Embedder inner;
    private final EmbeddingCache cache;

    /** Closes {@code inner} with itself. */
    public CachingEmbedder(Embedder inner, EmbeddingCache cache) {
        this.inner = inner;
        this.cache = cache;
    }

    /** The embedder behind the cache. */
    public Embedder uncached() {
        return inner;
    }

    @Override
    public ModelId model() {
        return inner.model();
    }

    @Override
    public int dimensions() {
        return inner.dimensions();
    }

    @Override
    public int maxTokens() {
        return inner.maxTokens();
    }

    @Override
    public List<float[]> embed(List<String> texts) {
        return embedBatch(texts).vectors();
    }

    /** As {@link #embed}, telling which texts the model had to embed. */
    public EmbeddedBatch embedBatch(List<String> texts) {
        List<ContentHash> hashes = texts.stream().map(ContentHash::ofText).toList();
        Map<ContentHash, String> distinct = new LinkedHashMap<>();
        for (int i = 0; i < texts.size(); i++) {
            distinct.putIfAbsent(hashes.get(i), texts.get(i));
        }
        Map<ContentHash, float[]> vectors = new HashMap<>(cache.find(model(), distinct.keySet()));
        vectors.values().removeIf(vector -> !isUnitVector(vector));
        distinct.keySet().removeAll(vectors.keySet());
        vectors.putAll(embedAndCache(distinct));
        List<float[]> answer = new ArrayList<>(texts.size());
        for (ContentHash hash : hashes) {
            // Copies: a caller who changes one must not change its twin.
            answer.add(Objects.requireNonNull(vectors.get(hash)).clone());
        }
        return new EmbeddedBatch(answer, Set.copyOf(distinct.keySet()));
    }

    /** In chunks, each cached before the next: a crash in a document of thousands of passages loses seconds, not all. */
    private Map<ContentHash, float[]> embedAndCache(Map<ContentHash, String> unknown) {
        List<ContentHash> hashes = List.copyOf(unknown.keySet());
        List<String> texts = List.copyOf(unknown.values());
        Map<ContentHash, float[]> added = new LinkedHashMap<>();
        for (int from = 0; from < texts.size(); from += CHUNK) {
            int to = Math.min(from + CHUNK, texts.size());
            List<float[]> fresh = inner.embed(texts.subList(from, to));
            Map<ContentHash, float[]> chunk = new LinkedHashMap<>();
            for (int i = from; i < to; i++) {
                chunk.put(hashes.get(i), fresh.get(i - from));
            }
            cache.put(model(), chunk);
            added.putAll(chunk);
        }
        return added;
    }

    private boolean isUnitVector(float[] vector) {
        if (vector.length != dimensions()) {
            return false;
        }
        double squares = 0;
        for (float value : vector) {
            squares += (double) value * value;
        }
        return Math.abs(squares - 1) < 1e-3;
    }

    @Override
    public void close() {
        inner.close();
    }
}
