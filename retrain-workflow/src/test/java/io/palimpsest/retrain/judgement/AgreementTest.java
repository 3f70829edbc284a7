package io.palimpsest.retrain.judgement;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.OptionalDouble;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

final class AgreementTest {
    /** Krippendorff 2011, "Computing Krippendorff's Alpha-Reliability", §C to E: four observers, twelve units, gaps. */
    private static final List<List<Integer>> KRIPPENDORFF = List.of(
            List.of(1, 1, 1),
            List.of(2, 2, 3, 2),
            List.of(3, 3, 3, 3),
            List.of(3, 3, 3, 3),
            List.of(2, 2, 2, 2),
            List.of(1, 2, 3, 4),
            List.of(4, 4, 4, 4),
            List.of(1, 1, 2, 1),
            List.of(2, 2, 2, 2),
            List.of(5, 5, 5),
            List.of(1, 1),
            List.of(3));

    @Test
    void theExampleOfTheLiteratureGivesItsValue() {
        assertThat(Agreement.ordinalAlpha(KRIPPENDORFF).orElseThrow()).isCloseTo(0.815, within(0.0005));
    }

    @Test
    void withoutPairsOrWithoutVariationThereIsNothingToAgreeOn() {
        assertThat(Agreement.ordinalAlpha(List.of(List.of(1), List.of(2)))).isEqualTo(OptionalDouble.empty());
        assertThat(Agreement.ordinalAlpha(List.of(List.of(2, 2), List.of(2, 2))))
                .isEqualTo(OptionalDouble.empty());
    }

    @Property
    void perfectAgreementIsOneAndNothingIsAbove(@ForAll("units") List<List<Integer>> units) {
        List<List<Integer>> perfect = units.stream()
                .map(unit -> Collections.nCopies(unit.size(), unit.getFirst()))
                .toList();
        Agreement.ordinalAlpha(perfect).ifPresent(alpha -> assertThat(alpha).isCloseTo(1, within(1e-9)));
        Agreement.ordinalAlpha(units).ifPresent(alpha -> assertThat(alpha).isLessThanOrEqualTo(1 + 1e-9));
    }

    @Property
    void neitherOrderNorDirectionOfTheScaleMatters(@ForAll("units") List<List<Integer>> units, @ForAll long seed) {
        List<List<Integer>> shuffled = new ArrayList<>();
        for (List<Integer> unit : units) {
            List<Integer> turned =
                    new ArrayList<>(unit.stream().map(grade -> 3 - grade).toList());
            Collections.shuffle(turned, new Random(seed));
            shuffled.add(turned);
        }
        Collections.shuffle(shuffled, new Random(seed));
        assertThat(Agreement.ordinalAlpha(shuffled).orElse(-9))
                .isCloseTo(Agreement.ordinalAlpha(units).orElse(-9), within(1e-9));
    }

    @Property(tries = 20)
    void gradesByChanceAgreeAsChanceDoes(@ForAll long seed) {
        Random random = new Random(seed);
        List<List<Integer>> units = new ArrayList<>();
        for (int i = 0; i < 2_000; i++) {
            units.add(List.of(random.nextInt(4), random.nextInt(4)));
        }
        assertThat(Agreement.ordinalAlpha(units).orElseThrow()).isBetween(-0.1, 0.1);
    }

    @Provide
    Arbitrary<List<List<Integer>>> units() {
        return Arbitraries.integers()
                .between(0, 3)
                .list()
                .ofMinSize(1)
                .ofMaxSize(4)
                .list()
                .ofMaxSize(20);
    }
}
