package io.palimpsest.index.embed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/** What every {@link Embedder} must keep to. */
abstract class EmbedderContract {
    private static final List<String> WORDS = List.of(
            "index",
            "drift",
            "passage",
            "ledger",
            "embedding",
            "Straße",
            "данные",
            "検索",
            "🙂",
            "e\u0301",
            "naïve",
            "42",
            "the",
            "of",
            "and",
            ".",
            ",",
            "(",
            "re-embedding",
            "Ωmega");

    /** One for the whole class: loading a model for each test would cost more than the tests. */
    abstract Embedder embedder();

    @Test
    void vectorsKeepTheOrderOfTheirTexts() {
        List<String> texts = randomTexts(new Random(1), 20);
        List<float[]> vectors = embedder().embed(texts);

        assertThat(vectors).hasSize(texts.size());
        for (int i = 0; i < texts.size(); i++) {
            assertThat(vectors.get(i))
                    .as("vector of text %s", i)
                    .isEqualTo(embedder().embed(List.of(texts.get(i))).getFirst());
        }
    }

    @Test
    void vectorsHaveTheModelsDimensionsAndLengthOne() {
        for (float[] vector : embedder().embed(randomTexts(new Random(2), 12))) {
            assertThat(vector).hasSize(embedder().dimensions());
            assertThat(dot(vector, vector)).isCloseTo(1.0, within(1e-5));
        }
    }

    @Test
    void vectorIsBitIdenticalAloneAndInAnyBatch() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        List<String> texts = new ArrayList<>(randomTexts(random, 40));
        List<float[]> alone = new ArrayList<>();
        texts.forEach(text -> alone.add(embedder().embed(List.of(text)).getFirst()));
        for (int round = 0; round < 4; round++) {
            List<Integer> order = new ArrayList<>();
            for (int i = 0; i < texts.size(); i++) {
                order.add(i);
            }
            Collections.shuffle(order, random);
            order = order.subList(0, 1 + random.nextInt(order.size()));
            List<float[]> together =
                    embedder().embed(order.stream().map(texts::get).toList());
            for (int i = 0; i < order.size(); i++) {
                assertThat(Arrays.equals(together.get(i), alone.get(order.get(i))))
                        .as("seed %s, round %s, text %s", seed, round, order.get(i))
                        .isTrue();
            }
        }
    }

    @Test
    void noTextsGiveNoVectors() {
        assertThat(embedder().embed(List.of())).isEmpty();
    }

    @Test
    void equalTextsGiveEqualVectors() {
        List<float[]> vectors = embedder().embed(List.of("same words", "other words", "same words"));

        assertThat(vectors.get(0)).isEqualTo(vectors.get(2)).isNotEqualTo(vectors.get(1));
    }

    @Test
    void textLongerThanTheModelReadsStillGetsVector() {
        String longText = "A retrieval index goes stale when its documents change. ".repeat(400);

        float[] vector = embedder().embed(List.of(longText)).getFirst();

        assertThat(dot(vector, vector)).isCloseTo(1.0, within(1e-5));
    }

    @Test
    void unusualTextsGetVectors() {
        List<String> texts = List.of(
                "",
                " \t\n",
                "\u0000",
                "\ud83d",
                "🙂👩‍👩‍👧",
                "مرحبا بالعالم",
                "日本語の文章",
                "a\u0301\u0302",
                "\ufeffbom",
                "\u200b");

        assertThat(embedder().embed(texts))
                .hasSize(texts.size())
                .allSatisfy(vector -> assertThat(dot(vector, vector)).isCloseTo(1.0, within(1e-5)));
    }

    @Test
    void callsFromManyThreadsGetTheirOwnVectors() throws Exception {
        List<String> texts = randomTexts(new Random(3), 12);
        List<float[]> expected = embedder().embed(texts);
        try (ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Callable<List<float[]>>> calls = new ArrayList<>();
            for (int i = 0; i < texts.size(); i++) {
                List<String> part = texts.subList(0, i + 1);
                calls.add(() -> embedder().embed(part));
            }
            List<Future<List<float[]>>> answers = callers.invokeAll(calls);
            for (int i = 0; i < answers.size(); i++) {
                assertThat(answers.get(i).get().getLast()).isEqualTo(expected.get(i));
            }
        }
    }

    @Test
    void modelNamesWhatMadeTheVectors() {
        assertThat(embedder().model().value()).matches("[a-z0-9.:_-]+(/[a-z0-9.:_-]+)*");
    }

    static double dot(float[] a, float[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += (double) a[i] * b[i];
        }
        return sum;
    }

    static List<String> randomTexts(Random random, int count) {
        List<String> texts = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            StringBuilder text = new StringBuilder("text ").append(i);
            int words = 1 + (int) Math.pow(random.nextDouble() * 14, 2) / 2;
            for (int w = 0; w < words; w++) {
                text.append(' ').append(WORDS.get(random.nextInt(WORDS.size())));
            }
            texts.add(text.toString());
        }
        return texts;
    }
}
