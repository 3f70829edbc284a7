package io.palimpsest.retrain.tune;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.palimpsest.contracts.error.ErrorCode;
import io.palimpsest.contracts.error.PalimpsestException;
import io.palimpsest.contracts.event.Json;
import io.palimpsest.contracts.id.ContentHash;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.ObjIntConsumer;

/**
 * A training set on disk:
 *
 * <pre>
 * snapshot.json      {"hash": SHA-256, "files": {"train.jsonl": SHA-256, "validation.jsonl": SHA-256}}; may say more
 * train.jsonl        a {@link JudgedPair} a line; grade 0 is a hard negative
 * validation.jsonl   the same, of documents that are not in train.jsonl; may be absent, then nothing stops early
 * vectors.jsonl      {"queryId" or "passageId": id, "vector": [float, ...]} a line, L2-normalised, of the base model; may be
 *                    absent or lack some, then who needs them embeds
 * chat.jsonl         {"messages": [{"role", "content"}, ...]} a line: what a generator learns; with chat-validation.jsonl. A
 *                    snapshot for generators needs no train.jsonl
 * </pre>
 *
 * <p>{@code hash} names the snapshot; {@code files} is checked. Failure: {@code SNAPSHOT_UNUSABLE}; messages name file and line,
 * never the text.
 */
public final class SnapshotFolder {
    public static final String MANIFEST = "snapshot.json";
    public static final String TRAIN = "train.jsonl";
    public static final String VALIDATION = "validation.jsonl";
    public static final String VECTORS = "vectors.jsonl";
    public static final String CHAT = "chat.jsonl";
    public static final String CHAT_VALIDATION = "chat-validation.jsonl";

    private final Path folder;
    private final Manifest manifest;

    /** Of {@code snapshot.json}; what else it says is not read. */
    private record Manifest(
            @JsonProperty(required = true) ContentHash hash,
            @JsonProperty(required = true) SortedMap<String, ContentHash> files) {}

    private SnapshotFolder(Path folder, Manifest manifest) {
        this.folder = folder;
        this.manifest = manifest;
    }

    /** Reads the manifest and compares every file with it. */
    public static SnapshotFolder open(Path folder) {
        try {
            Manifest manifest = Json.read(Files.readAllBytes(folder.resolve(MANIFEST)), Manifest.class);
            if (!manifest.files().containsKey(TRAIN) && !manifest.files().containsKey(CHAT)) {
                throw unusable(MANIFEST + " lists neither " + TRAIN + " nor " + CHAT, null);
            }
            for (Map.Entry<String, ContentHash> file : manifest.files().entrySet()) {
                if (!file.getKey().matches("[A-Za-z0-9._-]+")) {
                    throw unusable(MANIFEST + " lists a file outside the folder", null);
                }
                if (!FileHash.of(folder.resolve(file.getKey())).equals(file.getValue())) {
                    throw unusable(file.getKey() + " is not what " + MANIFEST + " says", null);
                }
            }
            return new SnapshotFolder(folder, manifest);
        } catch (IOException | UncheckedIOException e) {
            throw unusable("the folder is not readable", e);
        }
    }

    /** Writes a folder for the given lines; the snapshot's hash is the digest of its files. */
    public static SnapshotFolder write(Path folder, List<JudgedPair> train, List<JudgedPair> validation) {
        return write(folder, train, validation, List.of());
    }

    /** The same with vectors of the base model. */
    public static SnapshotFolder write(
            Path folder, List<JudgedPair> train, List<JudgedPair> validation, List<KnownVectors.Line> vectors) {
        try {
            Files.createDirectories(folder);
            SortedMap<String, ContentHash> files = new TreeMap<>();
            files.put(TRAIN, writeLines(folder.resolve(TRAIN), train));
            files.put(VALIDATION, writeLines(folder.resolve(VALIDATION), validation));
            if (!vectors.isEmpty()) {
                files.put(VECTORS, writeLines(folder.resolve(VECTORS), vectors));
            }
            Manifest manifest = new Manifest(io.palimpsest.contracts.model.ModelManifest.digest(files), files);
            Files.write(folder.resolve(MANIFEST), Json.write(manifest));
            return new SnapshotFolder(folder, manifest);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public ContentHash hash() {
        return manifest.hash();
    }

    /** What is learnt from; at least two queries. */
    public TrainingSet train() {
        TrainingSet set = TrainingSet.of(manifest.files().containsKey(TRAIN) ? lines(TRAIN) : List.of());
        if (set.queries().size() < 2) {
            throw unusable(
                    TRAIN + " has " + set.queries().size() + " queries with a relevant passage; at least 2 are needed",
                    null);
        }
        return set;
    }

    /** What decides when to stop; may be empty. */
    public TrainingSet validation() {
        return TrainingSet.of(manifest.files().containsKey(VALIDATION) ? lines(VALIDATION) : List.of());
    }

    /** The file of this name, if the snapshot has it. */
    public Optional<Path> file(String name) {
        return manifest.files().containsKey(name) ? Optional.of(folder.resolve(name)) : Optional.empty();
    }

    /** What the folder knows of the base model's vectors. */
    public KnownVectors vectors() {
        KnownVectors vectors = new KnownVectors();
        if (manifest.files().containsKey(VECTORS)) {
            eachLine(VECTORS, (line, number) -> vectors.add(read(line, KnownVectors.Line.class, VECTORS, number)));
        }
        return vectors;
    }

    private List<JudgedPair> lines(String file) {
        List<JudgedPair> pairs = new ArrayList<>();
        eachLine(file, (line, number) -> pairs.add(read(line, JudgedPair.class, file, number)));
        return pairs;
    }

    private void eachLine(String file, ObjIntConsumer<String> consumer) {
        try (BufferedReader lines = Files.newBufferedReader(folder.resolve(file), StandardCharsets.UTF_8)) {
            int number = 0;
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                number++;
                if (!line.isBlank()) {
                    consumer.accept(line, number);
                }
            }
        } catch (IOException e) {
            throw unusable(file + " is not readable", e);
        }
    }

    private static <T> T read(String line, Class<T> type, String file, int number) {
        try {
            return Json.read(line.getBytes(StandardCharsets.UTF_8), type);
        } catch (UncheckedIOException e) {
            // The cause quotes the line.
            throw unusable("line " + number + " of " + file + " is not what belongs there", null);
        }
    }

    private static ContentHash writeLines(Path file, List<?> values) throws IOException {
        StringBuilder lines = new StringBuilder();
        values.forEach(value -> lines.append(Json.writeText(value)).append('\n'));
        byte[] bytes = lines.toString().getBytes(StandardCharsets.UTF_8);
        Files.write(file, bytes);
        return ContentHash.of(bytes);
    }

    private static PalimpsestException unusable(String why, @org.jspecify.annotations.Nullable Throwable cause) {
        return new PalimpsestException(ErrorCode.SNAPSHOT_UNUSABLE, "the snapshot cannot be trained on: " + why, cause);
    }
}
