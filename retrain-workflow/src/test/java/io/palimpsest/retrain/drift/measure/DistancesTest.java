package io.palimpsest.retrain.drift.measure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.hipparchus.stat.inference.KolmogorovSmirnovTest;
import org.junit.jupiter.api.Test;

class DistancesTest {
    @Property(tries = 100)
    void kolmogorovSmirnovIsThatOfTheSamples(
            @ForAll @Size(min = 2, max = 80) List<@IntRange(min = 0, max = 60) Integer> a,
            @ForAll @Size(min = 2, max = 80) List<@IntRange(min = 0, max = 60) Integer> b) {
        double expected = new KolmogorovSmirnovTest().kolmogorovSmirnovStatistic(values(a), values(b));

        assertThat(Distances.kolmogorovSmirnov(counts(a), counts(b))).isCloseTo(expected, within(1e-12));
    }

    @Property(tries = 100)
    void populationStabilityIsNoughtForTheSameAndNeverNegative(
            @ForAll @Size(min = 20, max = 80) List<@IntRange(min = 0, max = 60) Integer> a,
            @ForAll @Size(min = 1, max = 80) List<@IntRange(min = 0, max = 60) Integer> b) {
        int[] edges = Distances.deciles(counts(a));

        assertThat(edges).isSorted().doesNotHaveDuplicates().endsWith(256).hasSizeLessThanOrEqualTo(10);
        if (edges.length > 1) {
            assertThat(Distances.populationStability(counts(a), counts(a), edges))
                    .isZero();
            assertThat(Distances.populationStability(counts(b), counts(a), edges))
                    .isGreaterThanOrEqualTo(0);
        }
    }

    @Test
    void populationStabilityGrowsWithTheShift() {
        List<Integer> reference = List.of(1, 2, 3, 4, 5, 6, 7, 8, 9, 10);
        int[] edges = Distances.deciles(counts(reference));

        assertThat(edges).hasSize(10);
        assertThat(Distances.populationStability(counts(List.of(10, 10, 10, 10, 10, 10)), counts(reference), edges))
                .isGreaterThan(
                        Distances.populationStability(counts(List.of(1, 3, 5, 10, 10, 10)), counts(reference), edges));
    }

    @Test
    void nothingToCompareIsNotANumber() {
        Counts none = new Counts(Grid.TOKENS);
        Counts same = counts(List.of(7, 7, 7, 7));

        assertThat(Distances.kolmogorovSmirnov(none, same)).isNaN();
        assertThat(Distances.populationStability(same, same, Distances.deciles(same)))
                .isNaN();
    }

    private static double[] values(List<Integer> list) {
        return list.stream().mapToDouble(i -> i).toArray();
    }

    private static Counts counts(List<Integer> list) {
        Counts counts = new Counts(Grid.TOKENS);
        list.forEach(counts::add);
        return counts;
    }
}
