package io.palimpsest.index.embed;

import io.palimpsest.contracts.event.Json;
import io.palimpsest.contracts.id.ContentHash;
import io.palimpsest.contracts.id.ModelId;
import io.palimpsest.contracts.model.ModelManifest;
import io.palimpsest.platform.content.InMemoryContentStore;
import io.palimpsest.platform.database.Database;
import io.palimpsest.platform.database.TestDatabases;
import io.palimpsest.platform.model.ModelStore;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Models for tests: folders as a trainer leaves them, and a store of them. Encoders are {@link HashingEmbedder}s. */
public final class TestModels implements AutoCloseable {
    private final Path folder;
    private final Database database;
    private final ModelStore store;

    public TestModels(Path folder) {
        this.folder = folder;
        this.database = Database.open(TestDatabases.files(folder).fresh());
        this.store = new ModelStore(
                new InMemoryContentStore(), database.sql(), folder.resolve("model-cache"), Clock.systemUTC());
    }

    public Database database() {
        return database;
    }

    public ModelStore store() {
        return store;
    }

    /** Opens every encoder as a hashing one of the manifest's dimensions whose words are salted with its id. */
    public static Embedder open(ModelManifest manifest, Path opened) {
        return new SaltedEmbedder(manifest.id(), manifest.dimensions());
    }

    public Embedders embedders(Embedder configured) {
        return new Embedders(configured, new InMemoryEmbeddingCache(), store, TestModels::open, Clock.systemUTC());
    }

    /** Registers an encoder. */
    public ModelId encoder(String name, int dimensions) {
        return put(name, ModelManifest.Kind.ENCODER, null, dimensions, Map.of("model.onnx", bytes(name)));
    }

    /** Registers an adapter of queries. */
    public ModelId adapter(String name, ModelId base, float[][] down, float[][] up) {
        return put(
                name,
                ModelManifest.Kind.QUERY_ADAPTER,
                base,
                down.length,
                Map.of(ModelManifest.ADAPTER, safetensors(down, up)));
    }

    public ModelId put(
            String name, ModelManifest.Kind kind, @Nullable ModelId base, int dimensions, Map<String, byte[]> content) {
        try {
            Path made = Files.createTempDirectory(folder, "made");
            SortedMap<String, ContentHash> files = new TreeMap<>();
            for (Map.Entry<String, byte[]> file : content.entrySet()) {
                Files.write(made.resolve(file.getKey()), file.getValue());
                files.put(file.getKey(), ContentHash.of(file.getValue()));
            }
            ModelManifest manifest = new ModelManifest(
                    ModelManifest.idOf(name, "fp32", files), kind, base, dimensions, 512, files, null, 7L, "test/1");
            Files.write(made.resolve(ModelManifest.FILE), Json.write(manifest));
            return store.put(made).id();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static byte[] safetensors(float[][] down, float[][] up) {
        int downBytes = down.length * down[0].length * Float.BYTES;
        int upBytes = up.length * up[0].length * Float.BYTES;
        byte[] header = bytes(Json.writeText(Map.of(
                "down",
                Map.of(
                        "dtype",
                        "F32",
                        "shape",
                        List.of(down.length, down[0].length),
                        "data_offsets",
                        List.of(0, downBytes)),
                "up",
                Map.of(
                        "dtype",
                        "F32",
                        "shape",
                        List.of(up.length, up[0].length),
                        "data_offsets",
                        List.of(downBytes, downBytes + upBytes)))));
        ByteBuffer file = ByteBuffer.allocate(Long.BYTES + header.length + downBytes + upBytes)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(header.length)
                .put(header);
        for (float[][] matrix : List.of(down, up)) {
            for (float[] row : matrix) {
                for (float value : row) {
                    file.putFloat(value);
                }
            }
        }
        return file.array();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** Other vectors than those of any other model. */
    private static final class SaltedEmbedder implements Embedder {
        private final ModelId model;
        private final HashingEmbedder hashing;
        private boolean closed;

        SaltedEmbedder(ModelId model, int dimensions) {
            this.model = model;
            this.hashing = new HashingEmbedder(dimensions);
        }

        @Override
        public ModelId model() {
            return model;
        }

        @Override
        public int dimensions() {
            return hashing.dimensions();
        }

        @Override
        public int maxTokens() {
            return hashing.maxTokens();
        }

        @Override
        public List<float[]> embed(List<String> texts) {
            if (closed) {
                throw new IllegalStateException("closed");
            }
            return hashing.embed(texts.stream()
                    .map(text -> text.replaceAll("(\\p{L}+)", "$1" + Math.floorMod(model.hashCode(), 100)))
                    .toList());
        }

        @Override
        public void close() {
            closed = true;
        }
    }

    @Override
    public void close() {
        database.close();
    }
}
