package io.palimpsest.retrain.canary;

import io.palimpsest.retrain.evaluate.PairedBootstrap;
import io.palimpsest.retrain.evaluate.SignFlipTest;
import java.util.List;

/** Two answers to each canary, in the same order. */
record CanaryComparison(List<Answered> before, List<Answered> now) {
    private static final long SEED = 1;

    CanaryComparison {
        before = List.copyOf(before);
        now = List.copyOf(now);
    }

    double ndcgBefore() {
        return mean(before.stream().mapToDouble(Answered::ndcg).toArray());
    }

    double ndcg() {
        return mean(now.stream().mapToDouble(Answered::ndcg).toArray());
    }

    double recallBefore() {
        return mean(before.stream().mapToDouble(Answered::recall).toArray());
    }

    double recall() {
        return mean(now.stream().mapToDouble(Answered::recall).toArray());
    }

    double overlap() {
        double[] overlaps = new double[now.size()];
        for (int i = 0; i < overlaps.length; i++) {
            overlaps[i] = now.get(i).overlapWith(before.get(i));
        }
        return mean(overlaps);
    }

    /** In nDCG@10, now minus before. */
    List<Double> differences() {
        Double[] differences = new Double[now.size()];
        for (int i = 0; i < differences.length; i++) {
            differences[i] = now.get(i).ndcg() - before.get(i).ndcg();
        }
        return List.of(differences);
    }

    double chance(double least) {
        return SignFlipTest.chanceOfLoss(differences(), least, SEED);
    }

    private static double mean(double[] values) {
        return PairedBootstrap.mean(values);
    }
}
