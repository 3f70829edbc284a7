package io.palimpsest.retrain.evaluate;

import java.util.List;
import java.util.SplittableRandom;

/**
 * How probable it is that a system which is no worse loses so much over the same queries by chance: the paired randomisation test,
 * one-sided (Fisher 1935, §21; recommended for rankings by Smucker, Allan and Carterette, CIKM 2007). If the two are alike, each
 * difference might as well have the other sign; all choices of signs, or a sample of them, say how often the sum is as low.
 *
 * <p>Unlike a bootstrap interval it is exact far out in the tail, also for few queries: fifteen that all lost have 2^-15.
 */
public final class SignFlipTest {
    private static final int EXACT = 14;
    /** Draws for each expected one at the probability that is asked for (arbitrary). */
    private static final int PER_EXPECTED = 20;

    private static final int MOST_DRAWS = 2_000_000;
    /** So many draws as low as what was seen: it is chance, and how much so does not matter. */
    private static final int ENOUGH = 200;

    private SignFlipTest() {}

    /**
     * The same differences and seed give the same.
     *
     * @param differences now minus before, query by query; 0 says nothing
     * @param least probability that is to be told from smaller ones, above 0
     * @return 0 exclusive to 1; never below the true probability but by the error of the draws
     */
    public static double chanceOfLoss(List<Double> differences, double least, long seed) {
        double[] sizes = differences.stream()
                .mapToDouble(Math::abs)
                .filter(size -> size > 0)
                .toArray();
        double seen = differences.stream().mapToDouble(Double::doubleValue).sum();
        if (sizes.length == 0 || seen >= 0) {
            return 1;
        }
        double bound = bound(sizes, seen);
        if (bound <= least) {
            return bound;
        }
        double border = seen + 1e-9; // sums differ in their last bits by the order of adding
        return sizes.length <= EXACT ? exact(sizes, border) : drawn(sizes, border, least, seed);
    }

    /** Never below the probability, and small where it is (Hoeffding 1963, theorem 2): such losses need no draws. */
    private static double bound(double[] sizes, double seen) {
        double squares = 0;
        for (double size : sizes) {
            squares += size * size;
        }
        return Math.exp(-seen * seen / (2 * squares));
    }

    private static double exact(double[] sizes, double border) {
        int all = 1 << sizes.length;
        int asLow = 0;
        for (int signs = 0; signs < all; signs++) {
            asLow += sum(sizes, signs) <= border ? 1 : 0;
        }
        return (double) asLow / all;
    }

    private static double drawn(double[] sizes, double border, double least, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        int wanted = (int) Math.min(MOST_DRAWS, Math.ceil(PER_EXPECTED / least));
        int asLow = 0;
        int draws = 0;
        while (draws < wanted && asLow < ENOUGH) {
            double sum = 0;
            for (int i = 0; i < sizes.length; i += Long.SIZE) {
                long signs = random.nextLong();
                for (int j = i; j < Math.min(sizes.length, i + Long.SIZE); j++) {
                    sum += (signs >>> (j - i) & 1) == 0 ? sizes[j] : -sizes[j];
                }
            }
            asLow += sum <= border ? 1 : 0;
            draws++;
        }
        return (asLow + 1.0) / (draws + 1.0); // the seen one is one of them
    }

    private static double sum(double[] sizes, int signs) {
        double sum = 0;
        for (int i = 0; i < sizes.length; i++) {
            sum += (signs >>> i & 1) == 0 ? sizes[i] : -sizes[i];
        }
        return sum;
    }
}
