package io.palimpsest.index.search;

import static org.assertj.core.api.Assertions.assertThat;

import io.palimpsest.index.search.Fusion.Candidate;
import io.palimpsest.index.search.Fusion.Fused;
import io.palimpsest.index.search.Fusion.Leg;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.FloatRange;
import net.jqwik.api.constraints.Size;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

class FusionTest {
    private static final Offset<Float> EXACTLY = Offset.offset(1e-6f);

    private static List<Fused<String>> fuse(
            Leg<String> vector, Leg<String> keyword, FusionMethod method, float weight) {
        return Fusion.fuse(vector, keyword, method, weight, Comparator.naturalOrder());
    }

    private static Leg<String> all(List<Candidate<String>> candidates) {
        return new Leg<>(candidates, false);
    }

    private static Leg<String> first(List<Candidate<String>> candidates) {
        return new Leg<>(candidates, true);
    }

    private static Candidate<String> hit(String key, float score) {
        return new Candidate<>(key, score);
    }

    @Test
    void scoresAreTheWeightedSumOfTheSharesOfEachLegsBest() {
        List<Fused<String>> fused = fuse(
                all(List.of(hit("a", 0.8f), hit("b", 0.6f), hit("c", 0.2f))),
                all(List.of(hit("b", 12f), hit("d", 3f))),
                FusionMethod.SCORES,
                0.6f);

        assertThat(fused).extracting(Fused::key).containsExactly("b", "a", "c", "d");
        assertThat(fused.get(0).score()).isCloseTo(0.6f * 0.75f + 0.4f, EXACTLY);
        assertThat(fused.get(1).score()).isCloseTo(0.6f, EXACTLY);
        assertThat(fused.get(2).score()).isCloseTo(0.6f * 0.25f, EXACTLY);
        assertThat(fused.get(3).score()).isCloseTo(0.4f * 0.25f, EXACTLY);
        assertThat(fused.get(0).vectorRank()).isEqualTo(2);
        assertThat(fused.get(0).keywordRank()).isEqualTo(1);
        assertThat(fused.get(3).similarity()).isNull();
    }

    @Test
    void whatALegThatWasCutLeftOutIsTakenToScoreAsItsLast() {
        List<Fused<String>> fused = fuse(
                first(List.of(hit("a", 0.8f), hit("b", 0.6f))),
                all(List.of(hit("c", 10f), hit("a", 2f))),
                FusionMethod.SCORES,
                0.5f);

        assertThat(fused).extracting(Fused::key).containsExactly("c", "a", "b");
        assertThat(fused.get(0).score()).isCloseTo(0.5f * 0.75f + 0.5f, EXACTLY);
        assertThat(fused.get(0).similarity()).isNull();
        assertThat(fused.get(2).score()).isCloseTo(0.5f * 0.75f, EXACTLY);
    }

    @Test
    void orderOfALegAloneIsThatOfItsScoresBelowZeroToo() {
        Leg<String> vector = all(List.of(hit("c", 0.1f), hit("a", -0.1f), hit("b", -0.4f)));
        Leg<String> opposite = all(List.of(hit("c", -0.1f), hit("a", -0.2f), hit("b", -0.4f)));

        assertThat(fuse(vector, all(List.of()), FusionMethod.SCORES, 1))
                .extracting(Fused::key)
                .containsExactly("c", "a", "b");
        assertThat(fuse(opposite, all(List.of()), FusionMethod.SCORES, 1))
                .extracting(Fused::key)
                .containsExactly("c", "a", "b");
    }

    @Test
    void ranksAreReciprocalWithSixty() {
        List<Fused<String>> fused = fuse(
                first(List.of(hit("a", 0.9f), hit("b", 0.7f))), all(List.of(hit("b", 12f))), FusionMethod.RANKS, 0.6f);

        assertThat(fused).extracting(Fused::key).containsExactly("b", "a");
        assertThat(fused.get(0).score()).isCloseTo(1f / 62 + 1f / 61, EXACTLY);
        assertThat(fused.get(1).score()).isCloseTo(1f / 61, EXACTLY);
    }

    @Test
    void oneHitInALegCountsInFull() {
        assertThat(fuse(all(List.of(hit("a", 0.2f))), all(List.of()), FusionMethod.SCORES, 0.6f))
                .singleElement()
                .satisfies(hit -> assertThat(hit.score()).isCloseTo(0.6f, EXACTLY));
    }

    @Property(tries = 200)
    void everyCandidateIsThereOnceInDescendingOrder(
            @ForAll @Size(max = 30) List<@FloatRange(min = -1, max = 1) Float> similarities,
            @ForAll @Size(max = 30) List<@FloatRange(min = 0.01f, max = 50) Float> bm25,
            @ForAll boolean cut,
            @ForAll FusionMethod method,
            @ForAll @FloatRange(min = 0, max = 1) float weight) {
        List<Fused<String>> fused = fuse(leg(similarities, 0, cut), leg(bm25, 10, cut), method, weight);

        assertThat(fused).extracting(Fused::key).doesNotHaveDuplicates();
        assertThat(fused).hasSize(expected(similarities.size(), bm25.size()));
        assertThat(fused).isSortedAccordingTo(Comparator.comparingDouble(f -> -f.score()));
        assertThat(fused).allSatisfy(f -> assertThat(f.score()).isLessThan(1.00001f));
    }

    private static int expected(int vector, int keyword) {
        int overlap = Math.max(0, Math.min(vector, 10 + keyword) - 10);
        return vector + keyword - overlap;
    }

    private static Leg<String> leg(List<Float> scores, int from, boolean cut) {
        List<Float> sorted = scores.stream().sorted(Comparator.reverseOrder()).toList();
        return new Leg<>(
                IntStream.range(0, sorted.size())
                        .mapToObj(i -> hit("k" + (from + i), sorted.get(i)))
                        .toList(),
                cut);
    }
}
