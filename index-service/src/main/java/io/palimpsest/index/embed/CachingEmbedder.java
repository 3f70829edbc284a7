package io.palimpsest.index.embed;

import io.palimpsest.contracts.id.ContentHash;
import io.palimpsest.contracts.id.ModelId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.random.RandomGenerator;

/**
 * Embeds no text twice under one model: what the cache knows is reused, what is new is embedded and cached. Calls of this
 * process that meet the same new text share the work; processes that share the cache may each embed it, where both have it in
 * the chunk at hand.
 *
 * <p>Threading: safe. Ordering: new vectors are in the cache before they are returned. A cached vector that is not a unit vector of the model's
 * dimensions is embedded again and replaced.
 */
public final class CachingEmbedder implements Embedder {
    /**
     * Texts per chunk, each cached before the next: a few seconds of embedding on two cores, which is what a crash in a
     * document of thousands of passages loses.
     */
    static final int CHUNK = 256;

    private final Embedder inner;
    private final EmbeddingCache cache;
    private final RandomGenerator order;
    /** What calls embed now, with the end of the call's chunk. */
    private final Map<ContentHash, CompletableFuture<Void>> underway = new ConcurrentHashMap<>();

    /** Closes {@code inner} with itself. */
    public CachingEmbedder(Embedder inner, EmbeddingCache cache) {
        this(inner, cache, new Random());
    }

    CachingEmbedder(Embedder inner, EmbeddingCache cache, RandomGenerator order) {
        this.inner = inner;
        this.cache = cache;
        this.order = order;
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

    /** What the model did for one call, on the call's thread. */
    private static final class Computed {
        private final Set<ContentHash> texts = new HashSet<>();
        private long cpuNanos;
    }

    /** As {@link #embed}, telling which texts the model had to embed. */
    public EmbeddedBatch embedBatch(List<String> texts) {
        List<ContentHash> hashes = texts.stream().map(ContentHash::ofText).toList();
        Map<ContentHash, String> unknown = new LinkedHashMap<>();
        for (int i = 0; i < texts.size(); i++) {
            unknown.putIfAbsent(hashes.get(i), texts.get(i));
        }
        Map<ContentHash, float[]> vectors = new HashMap<>(cached(unknown.keySet()));
        unknown.keySet().removeAll(vectors.keySet());
        Computed computed = new Computed();
        for (List<ContentHash> chunk : chunks(unknown.keySet())) {
            vectors.putAll(embedOrAwait(chunk, unknown, computed));
        }
        List<float[]> answer = new ArrayList<>(texts.size());
        for (ContentHash hash : hashes) {
            // Copies: a caller who changes one must not change its twin.
            answer.add(Objects.requireNonNull(vectors.get(hash)).clone());
        }
        return new EmbeddedBatch(answer, computed.texts, computed.cpuNanos);
    }

    /** In an order of its own: two processes with the same large document come from different sides (see decision 15). */
    private List<List<ContentHash>> chunks(Set<ContentHash> unknown) {
        List<ContentHash> all = List.copyOf(unknown);
        List<List<ContentHash>> chunks = new ArrayList<>();
        for (int from = 0; from < all.size(); from += CHUNK) {
            chunks.add(all.subList(from, Math.min(from + CHUNK, all.size())));
        }
        Collections.shuffle(chunks, order);
        return chunks;
    }

    /** What another call of this process embeds now is its to embed; if that fails, it is ours. */
    private Map<ContentHash, float[]> embedOrAwait(
            List<ContentHash> chunk, Map<ContentHash, String> texts, Computed computed) {
        Map<ContentHash, float[]> vectors = new HashMap<>();
        Collection<ContentHash> left = chunk;
        while (!left.isEmpty()) {
            CompletableFuture<Void> end = new CompletableFuture<>();
            Map<ContentHash, CompletableFuture<Void>> others = new LinkedHashMap<>();
            List<ContentHash> own = new ArrayList<>();
            for (ContentHash hash : left) {
                CompletableFuture<Void> other = underway.putIfAbsent(hash, end);
                if (other == null) {
                    own.add(hash);
                } else {
                    others.put(hash, other);
                }
            }
            try {
                vectors.putAll(embedUnseen(own, texts, computed));
            } finally {
                own.forEach(underway::remove);
                end.complete(null);
            }
            // Only now that nobody waits for this call.
            others.values().forEach(CompletableFuture::join);
            vectors.putAll(cached(others.keySet()));
            others.keySet().removeAll(vectors.keySet());
            left = others.keySet();
        }
        return vectors;
    }

    /** Looks again: since the first look another call may have embedded them, or another process. */
    private Map<ContentHash, float[]> embedUnseen(
            List<ContentHash> hashes, Map<ContentHash, String> texts, Computed computed) {
        Map<ContentHash, float[]> vectors = new HashMap<>(cached(hashes));
        List<ContentHash> unseen =
                hashes.stream().filter(hash -> !vectors.containsKey(hash)).toList();
        if (!unseen.isEmpty()) {
            Worked worked = inner.work(
                    unseen.stream().map(texts::get).map(Objects::requireNonNull).toList());
            List<float[]> fresh = worked.vectors();
            Map<ContentHash, float[]> added = new LinkedHashMap<>();
            for (int i = 0; i < unseen.size(); i++) {
                added.put(unseen.get(i), fresh.get(i));
            }
            cache.put(model(), added);
            vectors.putAll(added);
            computed.texts.addAll(unseen);
            computed.cpuNanos += worked.cpuNanos();
        }
        return vectors;
    }

    private Map<ContentHash, float[]> cached(Collection<ContentHash> hashes) {
        if (hashes.isEmpty()) {
            return Map.of();
        }
        Map<ContentHash, float[]> found = new HashMap<>(cache.find(model(), hashes));
        found.values().removeIf(vector -> !isUnitVector(vector));
        return found;
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
