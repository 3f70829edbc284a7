package io.palimpsest.retrain.drift.measure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.palimpsest.contracts.event.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class EmbeddingReferenceTest {
    @Property(tries = 20)
    void discrepancyIsItsDefinition(@ForAll long seed) {
        List<float[]> reference = embeddings(new Questions(seed).known(40));
        List<float[]> window = embeddings(new Questions(seed + 1).strange(15));
        EmbeddingReference made = new EmbeddingDraws(reference).reference();

        assertThat(made.shift(window).discrepancy())
                .isCloseTo(discrepancy(window, reference, made.gamma()), within(1e-6));
    }

    @Property(tries = 20)
    void aDrawIsThePartAgainstTheRest(@ForAll long seed) {
        List<float[]> all = embeddings(new Questions(seed).known(60));
        EmbeddingDraws draws = new EmbeddingDraws(all);
        int[] part = IntStream.range(5, 25).toArray();
        List<float[]> rest = new ArrayList<>(all);
        rest.subList(5, 25).clear();

        EmbeddingReference.Shift shift = draws.shift(part);
        assertThat(shift.discrepancy())
                .isCloseTo(
                        discrepancy(all.subList(5, 25), rest, draws.reference().gamma()), within(1e-6));
        assertThat(shift.novelShare())
                .isEqualTo(new EmbeddingDraws(rest)
                        .reference()
                        .shift(all.subList(5, 25))
                        .novelShare());
    }

    @Test
    void strangeQuestionsAreNovelAndKnownOnesAreNot() {
        EmbeddingReference reference = new EmbeddingDraws(embeddings(new Questions(1).known(300))).reference();
        EmbeddingReference.Shift strange = reference.shift(embeddings(new Questions(2).strange(50)));
        EmbeddingReference.Shift known = reference.shift(embeddings(new Questions(3).known(50)));

        assertThat(strange.novelShare()).isGreaterThan(0.95);
        assertThat(known.novelShare()).isLessThan(0.15);
        assertThat(strange.discrepancy()).isGreaterThan(20 * Math.abs(known.discrepancy()));
    }

    @Test
    void jsonReadsBackAsItWas() {
        EmbeddingReference reference = new EmbeddingDraws(embeddings(new Questions(1).known(40))).reference();
        EmbeddingReference read = Json.read(Json.write(reference), EmbeddingReference.class);
        List<float[]> window = embeddings(new Questions(2).known(20));

        assertThat(read.shift(window)).isEqualTo(reference.shift(window));
        assertThat(read.dimension()).isEqualTo(16);
    }

    private static double discrepancy(List<float[]> x, List<float[]> y, double gamma) {
        return amongst(x, gamma) + amongst(y, gamma) - 2 * across(x, y, gamma) / (x.size() * y.size());
    }

    private static double amongst(List<float[]> x, double gamma) {
        double withThemselves = across(x, x, gamma) - x.size(); // each is 1 with itself
        return withThemselves / (x.size() * (x.size() - 1));
    }

    private static double across(List<float[]> x, List<float[]> y, double gamma) {
        double sum = 0;
        for (float[] a : x) {
            for (float[] b : y) {
                sum += EmbeddingReference.kernel(gamma, Vectors.dot(a, b));
            }
        }
        return sum;
    }

    private static List<float[]> embeddings(List<QuerySample> samples) {
        return samples.stream()
                .map(sample -> Objects.requireNonNull(sample.embedding()))
                .toList();
    }
}
