package io.palimpsest.index.embed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.palimpsest.contracts.error.ErrorCode;
import io.palimpsest.contracts.error.PalimpsestException;
import io.palimpsest.contracts.id.ModelId;
import io.palimpsest.contracts.model.ModelManifest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@SuppressWarnings("NullAway.Init") // set before each test
final class EmbeddersTest {
    private static final HashingEmbedder CONFIGURED = new HashingEmbedder(4);

    @TempDir
    private Path folder;

    private TestModels models;

    @BeforeEach
    void open() {
        models = new TestModels(folder);
    }

    @AfterEach
    void close() {
        models.close();
    }

    @Test
    void theConfiguredModelIsTheConfiguredEmbedder() {
        try (Embedders embedders = models.embedders(CONFIGURED)) {
            assertThat(embedders.forQueries(CONFIGURED.model())).isSameAs(CONFIGURED);
            assertThat(embedders.forPassages(CONFIGURED.model())).isSameAs(embedders.configured());
        }
    }

    @Test
    void aStoredEncoderIsOpenedOnceAndClosedWhenNothingUsesIt() {
        ModelId tuned = models.encoder("tuned", 8);
        List<ModelId> opened = new ArrayList<>();
        Instant[] now = {Instant.EPOCH};
        try (Embedders embedders = new Embedders(
                CONFIGURED,
                new InMemoryEmbeddingCache(),
                models.store(),
                (manifest, at) -> {
                    opened.add(manifest.id());
                    return TestModels.open(manifest, at);
                },
                () -> now[0])) {
            Embedder first = embedders.forQueries(tuned);
            assertThat(first.model()).isEqualTo(tuned);
            assertThat(embedders.forPassages(tuned).embed(List.of("a b"))).hasSize(1);
            assertThat(opened).containsExactly(tuned);

            now[0] = now[0].plus(Duration.ofHours(1));
            embedders.keep(Set.of(tuned));
            assertThat(first.embed(List.of("a"))).hasSize(1);
            embedders.keep(Set.of());
            assertThatThrownBy(() -> first.embed(List.of("a"))).isInstanceOf(IllegalStateException.class);

            assertThat(embedders.forQueries(tuned).embed(List.of("a"))).hasSize(1);
            embedders.keep(Set.of()); // just used
            assertThat(embedders.forQueries(tuned).embed(List.of("a"))).hasSize(1);
            assertThat(opened).containsExactly(tuned, tuned);
        }
    }

    @Test
    void anAdapterChangesQueriesOnlyAndAsItsMatricesSay() {
        float[][] down = {{1, 0}, {0, 1}, {0, 0}, {0, 0}};
        float[][] up = {{0, 0, 2, 0}, {0, 0, 0, 0.5f}};
        ModelId adapter = models.adapter("booster", CONFIGURED.model(), down, up);
        try (Embedders embedders = models.embedders(CONFIGURED)) {
            float[] q = CONFIGURED.embed(List.of("some words")).getFirst();
            float[] expected = {q[0], q[1], q[2] + 2 * q[0], q[3] + 0.5f * q[1]};
            double norm = Math.sqrt(sum(expected));
            float[] adapted =
                    embedders.forQueries(adapter).embed(List.of("some words")).getFirst();
            for (int i = 0; i < expected.length; i++) {
                assertThat(adapted[i]).isCloseTo((float) (expected[i] / norm), within(1e-6f));
            }
            assertThat(embedders.passagesOf(adapter)).isEqualTo(CONFIGURED.model());
            assertThat(embedders.forQueries(adapter).model()).isEqualTo(adapter);
            refused(() -> embedders.forPassages(adapter), ErrorCode.MODEL_UNSUITABLE);
        }
    }

    @Test
    void anAdapterOfAStoredBaseOpensItsBaseAgainAfterItWasClosed() {
        ModelId tuned = models.encoder("tuned", 2);
        ModelId adapter = models.adapter("booster", tuned, new float[][] {{1}, {0}}, new float[][] {{0, 1}});
        Instant[] now = {Instant.EPOCH};
        try (Embedders embedders = new Embedders(
                CONFIGURED, new InMemoryEmbeddingCache(), models.store(), TestModels::open, () -> now[0])) {
            Embedder adapted = embedders.forQueries(adapter);
            now[0] = now[0].plus(Duration.ofHours(1));
            embedders.keep(Set.of(adapter));
            assertThat(adapted.embed(List.of("a"))).hasSize(1);
        }
    }

    @Test
    void matricesThatDoNotFitOrAreNoNumbersAreRefused() {
        ModelId wide = models.adapter("wide", CONFIGURED.model(), new float[5][1], new float[1][5]);
        ModelId ranks = models.adapter("ranks", CONFIGURED.model(), new float[4][2], new float[3][4]);
        ModelId nan = models.adapter("nan", CONFIGURED.model(), new float[4][1], new float[][] {{0, Float.NaN, 0, 0}});
        ModelId cut = models.put(
                "cut",
                ModelManifest.Kind.QUERY_ADAPTER,
                CONFIGURED.model(),
                4,
                Map.of(ModelManifest.ADAPTER, new byte[] {127, 0, 0, 0, 0, 0, 0, 0, '{'}));
        ModelId homeless = models.put(
                "homeless", ModelManifest.Kind.QUERY_ADAPTER, null, 4, Map.of(ModelManifest.ADAPTER, new byte[1]));
        try (Embedders embedders = models.embedders(CONFIGURED)) {
            for (ModelId id : List.of(wide, ranks, nan, cut, homeless)) {
                refused(() -> embedders.forQueries(id), ErrorCode.MODEL_UNSUITABLE);
            }
            refused(() -> embedders.forQueries(new ModelId("no/fp32/00000000")), ErrorCode.MODEL_UNKNOWN);
        }
    }

    @Test
    void aStoredCopyOfMiniLmGivesItsVectors() throws IOException {
        try (OnnxEmbedder original = MiniLm.embedder(Precision.INT8)) {
            byte[] onnx = Files.readAllBytes(Path.of("target", "models", "all-minilm-l6-v2-q.onnx"));
            Map<String, byte[]> files = Map.of(ModelManifest.ENCODER, onnx);
            ModelId copy = models.put("copy", ModelManifest.Kind.ENCODER, original.model(), 384, files);
            ModelId lies = models.put("lies", ModelManifest.Kind.ENCODER, original.model(), 383, files);
            try (Embedders embedders = new Embedders(
                    CONFIGURED,
                    new InMemoryEmbeddingCache(),
                    models.store(),
                    new OnnxModels(MiniLm.tokenizer(), 1),
                    Clock.systemUTC())) {
                assertThat(embedders
                                .forPassages(copy)
                                .embed(List.of("what was live then"))
                                .getFirst())
                        .containsExactly(
                                original.embed(List.of("what was live then")).getFirst());
                refused(() -> embedders.forPassages(lies), ErrorCode.MODEL_UNSUITABLE);
            }
        }
    }

    private static double sum(float[] vector) {
        double squares = 0;
        for (float value : vector) {
            squares += value * value;
        }
        return squares;
    }

    private static void refused(ThrowingCallable call, ErrorCode code) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        PalimpsestException.class, e -> assertThat(e.code()).isEqualTo(code));
    }
}
