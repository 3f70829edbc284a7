package io.palimpsest.retrain.tune;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * Passages that the base model takes for relevant and that are not: those reviewers refused, then the nearest others. Others must
 * be clearly less similar than the nearest relevant one, or they are likely relevant and unjudged (TopK-PercPos, Moreira et al.
 * 2024, with its 95 %).
 */
public final class HardNegatives {
    private static final int KEPT = 10;
    private static final double CLEARLY = 0.95;

    private HardNegatives() {}

    /**
     * @param queries L2-normalised vectors of the set's queries
     * @param passages L2-normalised vectors of its passages
     * @return for each query up to 10 indexes of passages, hardest first
     */
    public static List<List<Integer>> mine(TrainingSet set, List<float[]> queries, List<float[]> passages) {
        List<List<Integer>> mined = new ArrayList<>();
        for (int q = 0; q < queries.size(); q++) {
            mined.add(mine(set.queries().get(q), queries.get(q), passages));
        }
        return mined;
    }

    private static List<Integer> mine(TrainingSet.Query query, float[] vector, List<float[]> passages) {
        Set<Integer> judged = new HashSet<>(query.relevant());
        judged.addAll(query.negatives());
        double nearest = query.relevant().stream()
                .mapToDouble(p -> dot(vector, passages.get(p)))
                .max()
                .orElse(1);
        double[] similarities =
                passages.stream().mapToDouble(p -> dot(vector, p)).toArray();
        List<Integer> kept =
                new ArrayList<>(query.negatives().stream().limit(KEPT).toList());
        IntStream.range(0, similarities.length)
                .filter(p -> !judged.contains(p) && similarities[p] < CLEARLY * nearest)
                .boxed()
                .sorted(Comparator.comparingDouble((Integer p) -> -similarities[p])
                        .thenComparing(p -> p))
                .limit(KEPT - kept.size())
                .forEach(kept::add);
        return kept;
    }

    static double dot(float[] a, float[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += (double) a[i] * b[i];
        }
        return sum;
    }
}
