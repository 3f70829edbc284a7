package io.palimpsest.index.answer;

import io.palimpsest.index.embed.Embedder;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Vectors of the sentences of one request, each embedded once. One thread. */
final class SentenceVectors {
    private final Embedder embedder;
    private final Map<String, float[]> vectors = new HashMap<>();

    SentenceVectors(Embedder embedder) {
        this.embedder = embedder;
    }

    /** Embeds what is new in one call. */
    void prepare(List<String> sentences) {
        Set<String> unseen = new LinkedHashSet<>(sentences);
        unseen.removeAll(vectors.keySet());
        if (unseen.isEmpty()) {
            return;
        }
        List<String> texts = List.copyOf(unseen);
        List<float[]> embedded = embedder.embed(texts);
        for (int i = 0; i < texts.size(); i++) {
            vectors.put(texts.get(i), embedded.get(i));
        }
    }

    float similarity(String a, String b) {
        prepare(List.of(a, b));
        float[] x = vectors.getOrDefault(a, new float[0]);
        float[] y = vectors.getOrDefault(b, new float[0]);
        float sum = 0;
        for (int i = 0; i < Math.min(x.length, y.length); i++) {
            sum += x[i] * y[i];
        }
        return sum;
    }
}
