package io.palimpsest.retrain.drift.measure;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import org.junit.jupiter.api.Test;

class BettingTestTest {
    @Test
    void aRateThatHoldsIsSeldomRejectedHoweverLongOneLooks() {
        int rejected = 0;
        for (int run = 0; run < 3_000; run++) {
            rejected += peak(0.8, 0.8, 400, run) > -Math.log(0.01) ? 1 : 0;
        }
        assertThat(rejected).as("of 3,000, at most 1 %% expected").isLessThanOrEqualTo(40);
    }

    @Test
    void aRateThatFellIsFound() {
        int found = 0;
        for (int run = 0; run < 200; run++) {
            found += peak(0.8, 0.4, 50, run) > -Math.log(0.01) ? 1 : 0;
        }
        assertThat(found).isGreaterThan(190);
    }

    @Property(tries = 200)
    void capitalIsNeverLost(@ForAll @DoubleRange(min = 0, max = 1) double rate, @ForAll long seed) {
        BettingTest test = BettingTest.against(rate);
        Random random = new Random(seed);
        for (int i = 0; i < 200; i++) {
            test = test.after(random.nextBoolean());
            assertThat(test.logCapital()).isFinite();
        }
    }

    @Test
    void fewAnswersOfTheReferenceLeaveRoomBelowItsRate() {
        assertThat(BettingTest.lowerRate(9, 10, 2.33)).isLessThan(0.6);
        assertThat(BettingTest.lowerRate(900, 1000, 2.33)).isBetween(0.87, 0.9);
        assertThat(BettingTest.lowerRate(0, 30, 2.33)).isZero();
    }

    private static double peak(double hypothesis, double actual, int answers, long seed) {
        BettingTest test = BettingTest.against(hypothesis);
        Random random = new Random(seed * 7919 + 13);
        for (int i = 0; i < answers; i++) {
            test = test.after(random.nextDouble() < actual);
        }
        return test.peak();
    }
}
