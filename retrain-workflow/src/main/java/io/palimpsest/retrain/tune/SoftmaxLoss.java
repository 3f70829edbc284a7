package io.palimpsest.retrain.tune;

import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Mean loss of a slice: each query's nearest relevant passage among all passages that are not relevant to it; scores are cosine × scale. */
public final class SoftmaxLoss {
    private SoftmaxLoss() {}

    /**
     * @param queries L2-normalised vectors of the set's queries
     * @param passages L2-normalised vectors of its passages
     * @return NaN for an empty set
     */
    public static double of(TrainingSet set, List<float[]> queries, List<float[]> passages, double scale) {
        double sum = 0;
        for (int q = 0; q < queries.size(); q++) {
            sum += of(set.queries().get(q), queries.get(q), passages, scale);
        }
        return sum / queries.size();
    }

    private static double of(TrainingSet.Query query, float[] vector, List<float[]> passages, double scale) {
        Set<Integer> relevant = new HashSet<>(query.relevant());
        double own = query.relevant().stream()
                .mapToDouble(p -> scale * HardNegatives.dot(vector, passages.get(p)))
                .max()
                .orElse(0);
        double others = 1;
        for (int p = 0; p < passages.size(); p++) {
            if (!relevant.contains(p)) {
                others += StrictMath.exp(scale * HardNegatives.dot(vector, passages.get(p)) - own);
            }
        }
        return StrictMath.log(others);
    }
}
