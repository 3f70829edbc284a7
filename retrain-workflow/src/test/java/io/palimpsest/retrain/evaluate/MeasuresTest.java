package io.palimpsest.retrain.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

final class MeasuresTest {
    private static final Map<String, Integer> GAINS = Map.of("a", 3, "b", 2, "c", 0, "d", 1);

    record Case(List<String> ranking, Map<String, Integer> gains) {}

    @Test
    void valuesAreTrecEvals() {
        // By hand: DCG = 0 + 3/log2(3) + 0 + 2/log2(5); ideal = 3 + 2/log2(3) + 1/2.
        double dcg = 3 / 1.5849625 + 2 / 2.3219281;
        double ideal = 3 + 2 / 1.5849625 + 0.5;
        List<String> ranking = List.of("c", "a", "x", "b");

        assertThat(Measures.ndcgAtK(ranking, GAINS, 10)).isCloseTo(dcg / ideal, within(1e-6));
        assertThat(Measures.recallAtK(ranking, GAINS, 10)).isCloseTo(2.0 / 3, within(1e-9));
        assertThat(Measures.recallAtK(ranking, GAINS, 2)).isCloseTo(1.0 / 3, within(1e-9));
        assertThat(Measures.reciprocalRank(ranking, GAINS)).isEqualTo(0.5);
        assertThat(Measures.reciprocalRank(List.of("x"), GAINS)).isZero();
    }

    @Property
    void everyMeasureIsWithinZeroAndOneAndAPerfectRankingHasTheMost(@ForAll("cases") Case each) {
        List<String> perfect = each.gains().entrySet().stream()
                .sorted(Map.Entry.<String, Integer>comparingByValue().reversed())
                .map(Map.Entry::getKey)
                .toList();
        for (Measure measure : Measure.values()) {
            assertThat(measure.of(each.ranking(), each.gains())).isBetween(0.0, 1.0 + 1e-9);
            assertThat(measure.of(perfect, each.gains()))
                    .isGreaterThanOrEqualTo(measure.of(each.ranking(), each.gains()) - 1e-9);
        }
    }

    @Provide
    Arbitrary<Case> cases() {
        Arbitrary<String> ids = Arbitraries.strings().withCharRange('a', 'h').ofLength(1);
        return Combinators.combine(
                        ids.list().uniqueElements().ofMaxSize(8),
                        Arbitraries.maps(ids, Arbitraries.integers().between(0, 3))
                                .ofMaxSize(8))
                .as((ranking, gains) -> new Case(ranking, Collections.unmodifiableMap(gains)));
    }
}
