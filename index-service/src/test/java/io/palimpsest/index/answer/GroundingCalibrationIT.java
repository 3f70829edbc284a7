package io.palimpsest.index.answer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.palimpsest.contracts.event.Json;
import io.palimpsest.index.embed.Embedder;
import io.palimpsest.index.embed.OnnxEmbedder;
import io.palimpsest.index.embed.OnnxModel;
import io.palimpsest.index.embed.Precision;
import io.palimpsest.platform.tokens.EmbedderTokenizer;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;

/**
 * The distances that {@link GroundingThresholds#MINI_LM} stands on: claims of SciFact with an abstract that supports them,
 * with one that has nothing to do with them, and questions of another field (Cranfield) with the nearest of all abstracts.
 * Writes the whole table to {@code target/grounding-calibration.txt}.
 */
class GroundingCalibrationIT {
    private static final Path DATA = Path.of(System.getProperty("palimpsest.root", "."), "../shared/data");
    private static final int CLAIMS = 200;
    private static final int FOREIGN = 100;

    private record Pair(String claim, String document) {}

    private record Abstract(String title, String text) {
        List<String> sentences() {
            return Sentences.split(text).stream().map(span -> span.of(text)).toList();
        }

        List<String> inContext() {
            List<String> texts = new ArrayList<>(
                    sentences().stream().map(s -> title + "\n" + s).toList());
            texts.add(title + "\n" + text);
            return texts;
        }
    }

    @Test
    void thresholdsHoldTheErrorRatesThatTheyState() throws IOException {
        assumeTrue(Files.isDirectory(DATA.resolve("scifact")), "needs ../shared/data/scifact");
        Map<String, Abstract> corpus = abstracts();
        List<Pair> pairs = supported(corpus);
        Path models = Path.of("target", "models");
        try (EmbedderTokenizer tokenizer =
                        EmbedderTokenizer.miniLm(models.toAbsolutePath().resolve("natives"));
                Embedder embedder = new OnnxEmbedder(OnnxModel.miniLm(Precision.FP32, models), tokenizer, 2)) {
            SentenceVectors vectors = new SentenceVectors(embedder);
            float[][] statement = compare(pairs, corpus, vectors, false);
            float[][] question = compare(pairs, corpus, vectors, true);
            float[] foreign = foreign(pairs, corpus, vectors);
            Files.writeString(Path.of("target", "grounding-calibration.txt"), table(statement, question, foreign));

            float sentence = GroundingThresholds.MINI_LM.sentenceSimilarity();
            float asked = GroundingThresholds.MINI_LM.questionSimilarity();
            assertThat(share(statement[1], sentence)).as("random statements").isLessThanOrEqualTo(0.01);
            assertThat(share(statement[0], sentence)).as("supported statements").isGreaterThanOrEqualTo(0.9);
            assertThat(share(question[1], asked)).as("random questions").isLessThanOrEqualTo(0.06);
            assertThat(share(question[0], asked)).as("answerable questions").isGreaterThanOrEqualTo(0.95);
            assertThat(share(foreign, asked)).as("questions of another field").isLessThanOrEqualTo(0.01);
        }
    }

    /** Best similarity of each claim with its abstract, and with the abstract of a claim far away in the list. */
    private static float[][] compare(
            List<Pair> pairs, Map<String, Abstract> corpus, SentenceVectors vectors, boolean asQuestion) {
        float[][] best = new float[2][pairs.size()];
        for (int i = 0; i < pairs.size(); i++) {
            Pair pair = pairs.get(i);
            Pair other = pairs.get((i + pairs.size() / 2) % pairs.size());
            best[0][i] = best(pair.claim(), texts(corpus, pair, asQuestion), vectors);
            best[1][i] = best(pair.claim(), texts(corpus, other, asQuestion), vectors);
        }
        return best;
    }

    private static List<String> texts(Map<String, Abstract> corpus, Pair pair, boolean asQuestion) {
        Abstract found = corpus.getOrDefault(pair.document(), new Abstract("", ""));
        return asQuestion ? found.inContext() : found.sentences();
    }

    private static float[] foreign(List<Pair> pairs, Map<String, Abstract> corpus, SentenceVectors vectors)
            throws IOException {
        List<String> all = pairs.stream()
                .flatMap(pair -> texts(corpus, pair, true).stream())
                .distinct()
                .toList();
        String queries = Files.readString(DATA.resolve("cranfield/cran.qry"));
        return toArray(Arrays.stream(queries.split("(?m)^\\.I .*\\R\\.W\\R"))
                .map(String::strip)
                .filter(query -> !query.isEmpty())
                .limit(FOREIGN)
                .map(query -> best(query.replaceAll("\\s+", " "), all, vectors))
                .toList());
    }

    private static float best(String text, List<String> others, SentenceVectors vectors) {
        vectors.prepare(others);
        float best = 0;
        for (String other : others) {
            best = Math.max(best, vectors.similarity(text, other));
        }
        return best;
    }

    private static String table(float[][] statement, float[][] question, float[] foreign) {
        StringBuilder table =
                new StringBuilder("threshold  statement: supported random  question: own random foreign\n");
        for (int t = 20; t <= 80; t += 5) {
            float at = t / 100f;
            table.append(String.format(
                    Locale.ROOT,
                    "%.2f %.3f %.3f %.3f %.3f %.3f%n",
                    at,
                    share(statement[0], at),
                    share(statement[1], at),
                    share(question[0], at),
                    share(question[1], at),
                    share(foreign, at)));
        }
        return table.toString();
    }

    private static double share(float[] values, float atLeast) {
        int count = 0;
        for (float value : values) {
            count += value >= atLeast ? 1 : 0;
        }
        return (double) count / values.length;
    }

    private static float[] toArray(List<Float> values) {
        float[] array = new float[values.size()];
        for (int i = 0; i < array.length; i++) {
            array[i] = values.get(i);
        }
        return array;
    }

    /** The first claims, in the order of the file, that an abstract supports by the annotators' judgement. */
    private static List<Pair> supported(Map<String, Abstract> corpus) throws IOException {
        List<Pair> pairs = new ArrayList<>();
        for (String line : Files.readAllLines(DATA.resolve("scifact/queries.jsonl"))) {
            JsonNode query = Json.read(line.getBytes(StandardCharsets.UTF_8), JsonNode.class);
            query.path("metadata").properties().stream()
                    .filter(entry -> corpus.containsKey(entry.getKey()))
                    .filter(entry ->
                            entry.getValue().path(0).path("label").asText().equals("SUPPORT"))
                    .findFirst()
                    .ifPresent(entry -> pairs.add(new Pair(query.path("text").asText(), entry.getKey())));
        }
        return pairs.subList(0, CLAIMS);
    }

    private static Map<String, Abstract> abstracts() throws IOException {
        Map<String, Abstract> abstracts = new HashMap<>();
        try (BufferedReader reader = new BufferedReader(new InputStreamReader(
                new GZIPInputStream(Files.newInputStream(DATA.resolve("scifact/corpus.jsonl.gz"))),
                StandardCharsets.UTF_8))) {
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                JsonNode node = Json.read(line.getBytes(StandardCharsets.UTF_8), JsonNode.class);
                abstracts.put(
                        node.path("_id").asText(),
                        new Abstract(
                                node.path("title").asText(), node.path("text").asText()));
            }
        }
        return abstracts;
    }
}
