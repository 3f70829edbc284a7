package io.palimpsest.bench;

import java.util.Arrays;
import java.util.Random;

/**
 * Mean difference of two systems over the same queries.
 *
 * @param low 2.5th percentile of the means of 10,000 resamples of the queries
 * @param high 97.5th
 */
record PairedBootstrap(double mean, double low, double high) {
    private static final int RESAMPLES = 10_000;
    private static final long SEED = 42;

    static PairedBootstrap of(double[] first, double[] second) {
        double[] differences = new double[first.length];
        Arrays.setAll(differences, i -> first[i] - second[i]);
        Random random = new Random(SEED);
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

    static double mean(double[] values) {
        return Arrays.stream(values).average().orElse(0);
    }
}
