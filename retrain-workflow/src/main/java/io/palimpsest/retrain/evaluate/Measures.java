package io.palimpsest.retrain.evaluate;

import java.util.Comparator;
import java.util.List;
import java.util.Map;

/**
 * Ranking measures with {@code trec_eval}'s definitions; all in 0 to 1, higher is better. A gain of 0 is not relevant; without
 * any relevant document every measure is 0.
 */
public final class Measures {
    private Measures() {}

    /**
     * nDCG@k with linear gains (Järvelin and Kekäläinen 2002): DCG = sum of gain / log2(rank + 1).
     *
     * @param ranking distinct document ids, best first
     */
    public static double ndcgAtK(List<String> ranking, Map<String, Integer> qrels, int k) {
        double dcg = 0;
        for (int i = 0; i < Math.min(k, ranking.size()); i++) {
            dcg += qrels.getOrDefault(ranking.get(i), 0) / log2(i + 2);
        }
        List<Integer> ideal = qrels.values().stream()
                .sorted(Comparator.reverseOrder())
                .limit(k)
                .toList();
        double best = 0;
        for (int i = 0; i < ideal.size(); i++) {
            best += ideal.get(i) / log2(i + 2);
        }
        return best == 0 ? 0 : dcg / best;
    }

    /** Share of the relevant documents that are among the first k. */
    public static double recallAtK(List<String> ranking, Map<String, Integer> qrels, int k) {
        long relevant = qrels.values().stream().filter(gain -> gain > 0).count();
        long found = ranking.stream()
                .limit(k)
                .filter(id -> qrels.getOrDefault(id, 0) > 0)
                .count();
        return relevant == 0 ? 0 : (double) found / relevant;
    }

    /** One over the rank of the first relevant document; 0 where the ranking has none. */
    public static double reciprocalRank(List<String> ranking, Map<String, Integer> qrels) {
        for (int i = 0; i < ranking.size(); i++) {
            if (qrels.getOrDefault(ranking.get(i), 0) > 0) {
                return 1.0 / (i + 1);
            }
        }
        return 0;
    }

    private static double log2(int n) {
        return Math.log(n) / Math.log(2);
    }
}
