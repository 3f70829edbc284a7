package io.palimpsest.index.embed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.palimpsest.contracts.error.ErrorCode;
import io.palimpsest.contracts.error.PalimpsestException;
import io.palimpsest.platform.tokens.EmbedderTokenizer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class OnnxEmbedderTest {
    private final EmbedderTokenizer tokenizer = MiniLm.tokenizer();
    private final OnnxEmbedder fp32 = MiniLm.embedder(Precision.FP32);
    private final OnnxEmbedder int8 = MiniLm.embedder(Precision.INT8);

    private record Reference(String text, int tokens, List<Float> vector) {
        float[] values() {
            float[] values = new float[vector.size()];
            for (int i = 0; i < values.length; i++) {
                values[i] = vector.get(i);
            }
            return values;
        }
    }

    @AfterAll
    void close() {
        fp32.close();
        int8.close();
        tokenizer.close();
    }

    @Test
    void fp32EqualsTheReferencePastToken128Too() throws IOException {
        List<Reference> references = references();
        List<float[]> vectors =
                fp32.embed(references.stream().map(Reference::text).toList());

        assertThat(references).anyMatch(reference -> reference.tokens() > 128);
        for (int i = 0; i < references.size(); i++) {
            assertThat(vectors.get(i))
                    .as("reference %s", i)
                    .containsExactly(references.get(i).values(), within(1e-4f));
        }
    }

    @Test
    void int8IsNearTheReference() throws IOException {
        List<Reference> references = references();
        List<float[]> vectors =
                int8.embed(references.stream().map(Reference::text).toList());

        for (int i = 0; i < references.size(); i++) {
            assertThat(EmbedderContract.dot(vectors.get(i), references.get(i).values()))
                    .as("cosine with reference %s", i)
                    .isGreaterThan(0.97);
        }
    }

    @Test
    void tokenCountsEqualTheReference() throws IOException {
        for (Reference reference : references()) {
            assertThat(tokenizer.encode(reference.text(), 512).length()).isEqualTo(reference.tokens());
        }
    }

    @Test
    void fp32IsBitIdenticalInBatchesOfEveryMixOfLengths() {
        Random random = new Random(20261121);
        List<String> texts = new ArrayList<>();
        for (int words = 1; words <= 250; words += 1 + random.nextInt(3)) {
            texts.add("word ".repeat(words));
            texts.addAll(EmbedderContract.randomTexts(random, 1));
        }
        List<float[]> together = fp32.embed(texts);
        for (int i = 0; i < texts.size(); i++) {
            assertThat(together.get(i))
                    .as("text %s", i)
                    .isEqualTo(fp32.embed(List.of(texts.get(i))).getFirst());
        }
    }

    @Test
    void whatIsCutIsCounted() {
        long before = fp32.truncated().sum();

        fp32.embed(List.of("short", "long ".repeat(600)));

        assertThat(fp32.truncated().sum()).isEqualTo(before + 1);
    }

    @Test
    void tokenVectorsAreOnePerTokenWithoutTheSpecialOnes() {
        float[][] vectors = fp32.tokenVectors("stale retrieval index");

        assertThat(vectors).hasNumberOfRows(tokenizer.count("stale retrieval index"));
        for (float[] vector : vectors) {
            assertThat(EmbedderContract.dot(vector, vector)).isCloseTo(1.0, within(1e-5));
        }
        assertThat(fp32.tokenVectors("")).isEmpty();
    }

    @Test
    void precisionsAreDifferentModels() {
        assertThat(fp32.model().value()).matches("all-minilm-l6-v2/fp32/[0-9a-f]{8}");
        assertThat(int8.model().value()).matches("all-minilm-l6-v2/int8/[0-9a-f]{8}");
    }

    @Test
    void fileThatIsNoModelIsRefusedWithItsPath(@TempDir Path directory) throws IOException {
        Path file = Files.writeString(directory.resolve("broken.onnx"), "not a model");

        assertThatThrownBy(() -> new OnnxEmbedder(OnnxModel.of("broken", Precision.FP32, file), tokenizer))
                .isInstanceOfSatisfying(
                        PalimpsestException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.MODEL_MISSING))
                .hasMessageContaining("broken.onnx");
    }

    @Test
    void callAfterCloseFailsInsteadOfCrashing() {
        OnnxEmbedder closed = MiniLm.embedder(Precision.INT8);
        closed.close();
        closed.close();

        assertThatThrownBy(() -> closed.embed(List.of("late"))).isInstanceOf(PalimpsestException.class);
    }

    private static List<Reference> references() throws IOException {
        Path file = Path.of(System.getProperty("palimpsest.root"), "..", "shared", "data", "embeddings")
                .resolve("all-minilm-l6-v2.jsonl");
        assumeTrue(Files.isRegularFile(file), "../shared/data/embeddings is not there");
        ObjectMapper json = new ObjectMapper();
        List<Reference> references = new ArrayList<>();
        for (String line : Files.readAllLines(file)) {
            JsonNode node = json.readTree(line);
            List<Float> vector = new ArrayList<>();
            node.get("vector").forEach(value -> vector.add((float) value.asDouble()));
            references.add(
                    new Reference(node.get("text").asText(), node.get("tokens").asInt(), vector));
        }
        return references;
    }
}
