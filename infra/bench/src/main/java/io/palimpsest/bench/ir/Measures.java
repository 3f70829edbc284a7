package io.palimpsest.bench.ir;

import java.util.Comparator;
import java.util.List;
import java.util.Map;

/** Ranking measures with {@code trec_eval}'s definitions; all in 0 to 1, higher is better. */
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

    private static double log2(int n) {
        return Math.log(n) / Math.log(2);
    }
}
