package io.palimpsest.index.search;

import static org.assertj.core.api.Assertions.assertThat;

import io.palimpsest.index.search.Fusion.Fused;
import io.palimpsest.index.search.Fusion.Leg;
import java.util.Comparator;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.FloatRange;
import net.jqwik.api.constraints.Size;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

class FusionTest {
    private static final Offset<Float> EXACTLY = Offset.offset(1e-6f);

    private static List<Fused<String>> fuse(
            List<Leg<String>> vector, List<Leg<String>> keyword, FusionMethod method, float weight) {
        return Fusion.fuse(vector, keyword, method, weight, Comparator.naturalOrder());
    }

    @Test
    void scoresAreTheWeightedSumOfBothLegsNormalised() {
        List<Fused<String>> fused = fuse(
                List.of(new Leg<>("a", 0.9f), new Leg<>("b", 0.7f), new Leg<>("c", 0.5f)),
                List.of(new Leg<>("b", 12f), new Leg<>("d", 2f)),
                FusionMethod.SCORES,
                0.6f);

        assertThat(fused).extracting(Fused::key).containsExactly("b", "a", "c", "d");
        assertThat(fused.get(0).score()).isCloseTo(0.6f * 0.5f + 0.4f, EXACTLY);
        assertThat(fused.get(1).score()).isCloseTo(0.6f, EXACTLY);
        assertThat(fused.get(2).score()).isZero();
        assertThat(fused.get(0).vectorRank()).isEqualTo(2);
        assertThat(fused.get(0).keywordRank()).isEqualTo(1);
        assertThat(fused.get(3).similarity()).isNull();
    }

    @Test
    void ranksAreReciprocalWithSixty() {
        List<Fused<String>> fused = fuse(
                List.of(new Leg<>("a", 0.9f), new Leg<>("b", 0.7f)),
                List.of(new Leg<>("b", 12f)),
                FusionMethod.RANKS,
                0.6f);

        assertThat(fused).extracting(Fused::key).containsExactly("b", "a");
        assertThat(fused.get(0).score()).isCloseTo(1f / 62 + 1f / 61, EXACTLY);
        assertThat(fused.get(1).score()).isCloseTo(1f / 61, EXACTLY);
    }

    @Test
    void oneHitInALegCountsInFull() {
        assertThat(fuse(List.of(new Leg<>("a", 0.2f)), List.of(), FusionMethod.SCORES, 0.6f))
                .singleElement()
                .satisfies(hit -> assertThat(hit.score()).isCloseTo(0.6f, EXACTLY));
    }

    @Property(tries = 200)
    void everyCandidateIsThereOnceInDescendingOrder(
            @ForAll @Size(max = 30) List<@FloatRange(min = -1, max = 1) Float> similarities,
            @ForAll @Size(max = 30) List<@FloatRange(min = 0.01f, max = 50) Float> bm25,
            @ForAll FusionMethod method,
            @ForAll @FloatRange(min = 0, max = 1) float weight) {
        List<Fused<String>> fused = fuse(leg(similarities, 0), leg(bm25, 10), method, weight);

        assertThat(fused).extracting(Fused::key).doesNotHaveDuplicates();
        assertThat(fused).hasSize(expected(similarities.size(), bm25.size()));
        assertThat(fused).isSortedAccordingTo(Comparator.comparingDouble(f -> -f.score()));
        assertThat(fused).allSatisfy(f -> assertThat(f.score()).isBetween(0f, 1.00001f));
    }

    private static int expected(int vector, int keyword) {
        int overlap = Math.max(0, Math.min(vector, 10 + keyword) - 10);
        return vector + keyword - overlap;
    }

    private static List<Leg<String>> leg(List<Float> scores, int from) {
        List<Float> sorted = scores.stream().sorted(Comparator.reverseOrder()).toList();
        return java.util.stream.IntStream.range(0, sorted.size())
                .mapToObj(i -> new Leg<>("k" + (from + i), sorted.get(i)))
                .toList();
    }
}
