package io.palimpsest.platform.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.palimpsest.contracts.error.ErrorCode;
import io.palimpsest.contracts.error.PalimpsestException;
import io.palimpsest.contracts.event.Json;
import io.palimpsest.contracts.id.ContentHash;
import io.palimpsest.contracts.id.DocumentKey;
import io.palimpsest.contracts.id.ModelId;
import io.palimpsest.contracts.model.ModelManifest;
import io.palimpsest.platform.content.DocumentKeys;
import io.palimpsest.platform.content.FileContentStore;
import io.palimpsest.platform.content.MasterKey;
import io.palimpsest.platform.database.Database;
import io.palimpsest.platform.database.TestDatabases;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@SuppressWarnings("NullAway.Init") // set before each test
class ModelStoreContractTest {
    private static final Instant NOW = Instant.parse("2026-11-21T12:00:00Z");

    @TempDir
    private Path folder;

    private TestDatabases databases;
    private Database database;
    private FileContentStore content;
    private ModelStore store;

    TestDatabases databases(Path inFolder) {
        return TestDatabases.files(inFolder);
    }

    @BeforeEach
    void open() {
        databases = databases(folder);
        database = Database.open(databases.fresh());
        DocumentKeys keys = new DocumentKeys(database.sql(), MasterKey.ensure(folder.resolve("master.key")));
        content = new FileContentStore(folder.resolve("content"), keys);
        store = storeOf("here");
    }

    @AfterEach
    void close() {
        if (database != null) { // not where the test was skipped
            database.close();
            databases.close();
        }
    }

    /** As a process of its own has it. */
    private ModelStore storeOf(String machine) {
        return new ModelStore(content, database.sql(), folder.resolve("cache-" + machine), () -> NOW);
    }

    @Test
    void modelComesBackByteForByteOnAnotherMachine() throws IOException {
        Path made = made("tuned", Map.of("model.onnx", "weights", "adapter.safetensors", "delta"));
        ModelManifest manifest = store.put(made);
        ModelStore elsewhere = storeOf("there");

        Path opened = elsewhere.open(manifest.id());

        assertThat(opened.resolve("model.onnx")).hasContent("weights");
        assertThat(opened.resolve("adapter.safetensors")).hasContent("delta");
        assertThat(Json.read(Files.readAllBytes(opened.resolve(ModelManifest.FILE)), ModelManifest.class))
                .isEqualTo(manifest);
        assertThat(elsewhere.list())
                .containsExactly(new RegisteredModel(manifest, RegisteredModel.State.REGISTERED, NOW));
    }

    @Test
    void puttingAgainChangesNothing() {
        Path made = made("tuned", Map.of("model.onnx", "weights"));
        ModelManifest first = store.put(made);
        assertThat(store.put(made)).isEqualTo(first);
        assertThat(store.list()).hasSize(1);
    }

    @Test
    void copyThatWasDamagedOnTheDiskIsFetchedAgain() throws IOException {
        ModelManifest manifest = store.put(made("tuned", Map.of("model.onnx", "weights")));
        Files.writeString(store.open(manifest.id()).resolve("model.onnx"), "rot");
        assertThat(store.open(manifest.id()).resolve("model.onnx")).hasContent("weights");
        Files.delete(store.open(manifest.id()).resolve("model.onnx"));
        assertThat(store.open(manifest.id()).resolve("model.onnx")).hasContent("weights");
    }

    @Test
    void folderThatIsNotWhatItsManifestSaysIsRefusedAndNotListed() throws IOException {
        Path truncated = made("a", Map.of("model.onnx", "weights"));
        Files.writeString(truncated.resolve("model.onnx"), "weigh");
        refused(() -> store.put(truncated), ErrorCode.MODEL_DAMAGED);

        Path incomplete = made("b", Map.of("model.onnx", "weights"));
        Files.delete(incomplete.resolve("model.onnx"));
        refused(() -> store.put(incomplete), ErrorCode.MODEL_DAMAGED);

        Path nothing = Files.createDirectories(folder.resolve("empty"));
        refused(() -> store.put(nothing), ErrorCode.MODEL_DAMAGED);
        Files.writeString(nothing.resolve(ModelManifest.FILE), "{}");
        refused(() -> store.put(nothing), ErrorCode.MODEL_DAMAGED);

        Path misnamed = made("c", Map.of("model.onnx", "weights"), new ModelId("c/fp32/00000000"));
        refused(() -> store.put(misnamed), ErrorCode.MODEL_DAMAGED);
        assertThat(store.list()).isEmpty();
    }

    @Test
    void fileOutsideOfTheFolderIsNotTaken() throws IOException {
        Files.writeString(folder.resolve("secret"), "secret");
        Path made = Files.createDirectories(folder.resolve("sly"));
        SortedMap<String, ContentHash> files = new TreeMap<>(Map.of("../secret", ContentHash.ofText("secret")));
        write(made, ModelManifest.idOf("sly", "fp32", files), files);
        refused(() -> store.put(made), ErrorCode.MODEL_DAMAGED);

        Path linked = made("linked", Map.of("model.onnx", "secret"));
        Files.delete(linked.resolve("model.onnx"));
        Files.createSymbolicLink(linked.resolve("model.onnx"), folder.resolve("secret"));
        refused(() -> store.put(linked), ErrorCode.MODEL_DAMAGED);
    }

    @Test
    void whatTheStoreLostIsSaidNotServed() {
        ModelManifest manifest = store.put(made("tuned", Map.of("model.onnx", "weights")));
        content.eraseDocument(DocumentKey.of(ModelStore.RESERVED, manifest.id().value()));
        refused(() -> storeOf("there").open(manifest.id()), ErrorCode.MODEL_DAMAGED);
        refused(() -> store.open(new ModelId("no/fp32/00000000")), ErrorCode.MODEL_UNKNOWN);
    }

    @Test
    void statesAreKept() {
        ModelManifest manifest = store.put(made("tuned", Map.of("model.onnx", "weights")));
        database.sql().inTransaction(transaction -> {
            ModelStore.mark(transaction, manifest.id(), RegisteredModel.State.SERVING);
            ModelStore.mark(transaction, new ModelId("configured/fp32/00000000"), RegisteredModel.State.SERVING);
            return null;
        });
        assertThat(store.find(manifest.id()))
                .get()
                .extracting(RegisteredModel::state)
                .isEqualTo(RegisteredModel.State.SERVING);
        assertThat(store.list()).hasSize(1);
    }

    private static void refused(ThrowingCallable call, ErrorCode code) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        PalimpsestException.class, e -> assertThat(e.code()).isEqualTo(code));
    }

    private Path made(String name, Map<String, String> texts) {
        return made(name, texts, null);
    }

    private Path made(String name, Map<String, String> texts, @Nullable ModelId id) {
        try {
            Path made = Files.createDirectories(folder.resolve("made-" + name));
            SortedMap<String, ContentHash> files = new TreeMap<>();
            for (Map.Entry<String, String> text : texts.entrySet()) {
                Files.writeString(made.resolve(text.getKey()), text.getValue());
                files.put(text.getKey(), ContentHash.ofText(text.getValue()));
            }
            write(made, id == null ? ModelManifest.idOf(name, "fp32", files) : id, files);
            return made;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void write(Path made, ModelId id, SortedMap<String, ContentHash> files) throws IOException {
        ModelManifest manifest =
                new ModelManifest(id, ModelManifest.Kind.ENCODER, null, 8, 512, files, null, 7L, "test/1");
        Files.write(made.resolve(ModelManifest.FILE), Json.write(manifest));
    }
}
