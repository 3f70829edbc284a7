package io.palimpsest.retrain.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

final class PairedBootstrapTest {
    @Test
    void theSameSeedGivesTheSameInterval() {
        double[] first = random(1, 200, 0.1);
        double[] second = random(2, 200, 0);

        assertThat(PairedBootstrap.of(first, second, 7)).isEqualTo(PairedBootstrap.of(first, second, 7));
    }

    @Test
    void theIntervalIsThatOfTheNormalApproximation() {
        double[] first = random(3, 500, 0.05);
        double[] second = new double[500];
        double mean = PairedBootstrap.mean(first);
        double variance = 0;
        for (double value : first) {
            variance += (value - mean) * (value - mean) / (first.length - 1);
        }
        double half = 1.96 * Math.sqrt(variance / first.length);
        PairedBootstrap found = PairedBootstrap.of(first, second, 1);

        assertThat(found.mean()).isCloseTo(mean, within(1e-12));
        assertThat(found.low()).isCloseTo(mean - half, within(half / 10));
        assertThat(found.high()).isCloseTo(mean + half, within(half / 10));
    }

    /** Of true zeros, one in twenty looks like something. */
    @Test
    void theIntervalMissesTheTruthAboutAsOftenAsItSays() {
        int missed = 0;
        int trials = 200;
        for (int trial = 0; trial < trials; trial++) {
            PairedBootstrap found = PairedBootstrap.of(random(100 + trial, 60, 0), new double[60], trial);
            missed += found.low() > 0 || found.high() < 0 ? 1 : 0;
        }
        assertThat((double) missed / trials).isBetween(0.01, 0.11);
    }

    private static double[] random(long seed, int count, double mean) {
        SplittableRandom random = new SplittableRandom(seed);
        double[] values = new double[count];
        for (int i = 0; i < count; i++) {
            values[i] = mean + random.nextGaussian() * 0.3;
        }
        return values;
    }
}
