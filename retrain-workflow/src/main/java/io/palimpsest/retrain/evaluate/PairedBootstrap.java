package io.palimpsest.retrain.evaluate;

import java.util.Arrays;
import java.util.SplittableRandom;

/**
 * Mean difference of two systems over the same queries, with its 95 % confidence interval by resampling the queries (percentile
 * method; Efron and Tibshirani 1993, §13.3).
 *
 * @param low 2.5th percentile of the means of {@value #RESAMPLES} resamples
 * @param high 97.5th
 */
public record PairedBootstrap(double mean, double low, double high) {
    public static final int RESAMPLES = 10_000;
    private static final long SEED = 42;

    public static PairedBootstrap of(double[] first, double[] second) {
        return of(first, second, SEED);
    }

    /**
     * The same seed gives the same interval.
     *
     * @param second of the same queries in the same order
     */
    public static PairedBootstrap of(double[] first, double[] second, long seed) {
        if (first.length != second.length) {
            throw new IllegalArgumentException("pairs: " + first.length + " and " + second.length + " values");
        }
        double[] differences = new double[first.length];
        Arrays.setAll(differences, i -> first[i] - second[i]);
        if (differences.length == 0) {
            return new PairedBootstrap(0, 0, 0);
        }
        SplittableRandom random = new SplittableRandom(seed);
        double[] means = new double[RESAMPLES];
        for (int r = 0; r < RESAMPLES; r++) {
            double sum = 0;
            for (int i = 0; i < differences.length; i++) {
                sum += differences[random.nextInt(differences.length)];
            }
            means[r] = sum / differences.length;
        }
        Arrays.sort(means);
        return new PairedBootstrap(mean(differences), means[RESAMPLES / 40], means[RESAMPLES - RESAMPLES / 40 - 1]);
    }

    public static double mean(double[] values) {
        return Arrays.stream(values).average().orElse(0);
    }
}
