package io.palimpsest.index.embed;

import io.palimpsest.contracts.id.ModelId;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.LongAdder;

/**
 * The fake: a hashed bag of words and character trigrams, L2-normalised. Texts that share words are similar, nothing is loaded, and
 * the same text has the same vector on every machine.
 */
public final class HashingEmbedder implements Embedder, TokenEmbedder {
    private final int dimensions;
    private final LongAdder embedded = new LongAdder();

    public HashingEmbedder() {
        this(64);
    }

    public HashingEmbedder(int dimensions) {
        this.dimensions = dimensions;
    }

    @Override
    public ModelId model() {
        return new ModelId("hashing/" + dimensions + "/00000000");
    }

    @Override
    public int dimensions() {
        return dimensions;
    }

    @Override
    public int maxTokens() {
        return Integer.MAX_VALUE;
    }

    /** Texts embedded since the start. */
    public LongAdder embedded() {
        return embedded;
    }

    @Override
    public List<float[]> embed(List<String> texts) {
        embedded.add(texts.size());
        return texts.stream().map(this::vector).toList();
    }

    @Override
    public float[][] tokenVectors(String text) {
        return words(text).stream().map(this::vector).toArray(float[][]::new);
    }

    private float[] vector(String text) {
        float[] vector = new float[dimensions];
        // So that a text without words has a direction too.
        vector[0] = 0.1f;
        for (String word : words(text)) {
            add(vector, word.hashCode(), 1f);
            String framed = "^" + word + "$";
            for (int i = 0; i + 3 <= framed.length(); i++) {
                add(vector, framed.substring(i, i + 3).hashCode(), 0.3f);
            }
        }
        return Pooling.normalise(vector);
    }

    private static List<String> words(String text) {
        return List.of(text.toLowerCase(Locale.ROOT).split("[^\\p{L}\\p{N}]+", -1)).stream()
                .filter(word -> !word.isEmpty())
                .toList();
    }

    private void add(float[] vector, int hash, float weight) {
        int mixed = hash * 0x9E3779B1;
        mixed ^= mixed >>> 15;
        vector[Math.floorMod(mixed, dimensions)] += (mixed & 0x4000_0000) == 0 ? weight : -weight;
    }

    @Override
    public void close() {}
}
