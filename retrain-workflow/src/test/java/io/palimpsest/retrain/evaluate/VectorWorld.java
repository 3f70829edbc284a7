package io.palimpsest.retrain.evaluate;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/** Documents and queries as vectors, searched by brute force. */
final class VectorWorld {
    private final List<String> ids;
    private final List<float[]> documents;
    private final Map<String, float[]> queries;

    /** @param queries by their text */
    VectorWorld(Map<String, float[]> documents, Map<String, float[]> queries) {
        this.ids = List.copyOf(documents.keySet());
        this.documents = ids.stream().map(id -> vector(documents, id)).toList();
        this.queries = Map.copyOf(queries);
    }

    static float[] vector(Map<String, float[]> vectors, String key) {
        float[] found = vectors.get(key);
        if (found == null) {
            throw new IllegalArgumentException("no vector of " + key);
        }
        return found;
    }

    /** @param adapter of query vectors */
    SearchUnderTest search(UnaryOperator<float[]> adapter) {
        return query -> new SearchUnderTest.Answer(
                best(scores(adapter.apply(vector(queries, query)))), Duration.ofMillis(5), 0);
    }

    double[] scores(float[] query) {
        double[] scores = new double[ids.size()];
        for (int i = 0; i < scores.length; i++) {
            float[] document = documents.get(i);
            double sum = 0;
            for (int j = 0; j < query.length; j++) {
                sum += query[j] * document[j];
            }
            scores[i] = sum;
        }
        return scores;
    }

    List<String> best(double[] scores) {
        List<Integer> order = new ArrayList<>();
        for (int i = 0; i < scores.length; i++) {
            order.add(i);
        }
        order.sort(Comparator.comparingDouble(i -> -scores[i]));
        return order.stream().limit(SearchUnderTest.DEPTH).map(ids::get).toList();
    }

    List<String> ids() {
        return ids;
    }
}
