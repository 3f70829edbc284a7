package io.palimpsest.retrain.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class SignFlipTestTest {
    private static final double LEAST = 1e-4;

    @Test
    void fewQueriesAreCountedOut() {
        assertThat(SignFlipTest.chanceOfLoss(List.of(-0.5, -0.5, -0.5), LEAST, 1))
                .isEqualTo(1.0 / 8);
        assertThat(SignFlipTest.chanceOfLoss(List.of(-0.3, 0.1, 0.0, -0.2), LEAST, 1))
                .as("sums as low as -0.4: all lost, or all but the smallest")
                .isEqualTo(2.0 / 8);
    }

    @Test
    void drawsAreNearTheExactProbability() {
        List<Double> differences = new ArrayList<>(Collections.nCopies(14, -0.1));
        differences.addAll(Collections.nCopies(6, 0.1));
        // At most 6 of 20 coins show heads.
        assertThat(SignFlipTest.chanceOfLoss(differences, LEAST, 1)).isCloseTo(0.0577, within(0.01));
    }

    @Test
    void sameAndBetterAreNoLoss() {
        assertThat(SignFlipTest.chanceOfLoss(Collections.nCopies(50, 0.0), LEAST, 1))
                .isEqualTo(1);
        assertThat(SignFlipTest.chanceOfLoss(Collections.nCopies(50, 0.1), LEAST, 1))
                .isEqualTo(1);
        assertThat(SignFlipTest.chanceOfLoss(List.of(), LEAST, 1)).isEqualTo(1);
    }

    @Test
    void lossOfAFifthOfTheQueriesIsToldFromChanceByTheSmallestErrorRateThatIsAskedFor() {
        List<Double> differences = new ArrayList<>(Collections.nCopies(20, -0.4));
        differences.addAll(Collections.nCopies(80, 0.0));
        assertThat(SignFlipTest.chanceOfLoss(differences, 1e-5, 1)).isLessThan(1e-5);
    }

    @Test
    void itFiresByChanceAsOftenAsItSays() {
        SplittableRandom random = new SplittableRandom(7);
        int fired = 0;
        int trials = 2_000;
        for (int trial = 0; trial < trials; trial++) {
            List<Double> differences = new ArrayList<>();
            for (int i = 0; i < 60; i++) { // a third of the queries differ, some by much
                double size = random.nextInt(3) > 0 ? 0 : Math.pow(random.nextDouble(), 3);
                differences.add(random.nextBoolean() ? size : -size);
            }
            fired += SignFlipTest.chanceOfLoss(differences, 0.01, trial) <= 0.05 ? 1 : 0;
        }
        assertThat((double) fired / trials).isBetween(0.03, 0.065);
    }
}
