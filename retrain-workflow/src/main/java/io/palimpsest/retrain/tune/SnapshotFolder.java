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
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A training set on disk:
 *
 * <pre>
 * snapshot.json      {"hash": SHA-256, "files": {"train.jsonl": SHA-256, "validation.jsonl": SHA-256}}; may say more
 * train.jsonl        a {@link JudgedPair} a line; grade 0 is a hard negative
 * validation.jsonl   the same, of documents that are not in train.jsonl; may be absent, then nothing stops early
 * </pre>
 *
 * <p>{@code hash} names the snapshot; {@code files} is checked. Failure: {@code SNAPSHOT_UNUSABLE}; messages name file and line,
 * never the text.
 */
public final class SnapshotFolder {
    public static final String MANIFEST = "snapshot.json";
    public static final String TRAIN = "train.jsonl";
    public static final String VALIDATION = "validation.jsonl";

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
            if (!manifest.files().containsKey(TRAIN)) {
                throw unusable(MANIFEST + " does not list " + TRAIN, null);
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
        try {
            Files.createDirectories(folder);
            SortedMap<String, ContentHash> files = new TreeMap<>();
            files.put(TRAIN, writeLines(folder.resolve(TRAIN), train));
            files.put(VALIDATION, writeLines(folder.resolve(VALIDATION), validation));
            Manifest manifest =
                    new Manifest(io.palimpsest.contracts.model.ModelManifest.digest(files), files);
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
        TrainingSet set = TrainingSet.of(lines(TRAIN));
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

    private List<JudgedPair> lines(String file) {
        List<JudgedPair> pairs = new ArrayList<>();
        try (BufferedReader lines = Files.newBufferedReader(folder.resolve(file), StandardCharsets.UTF_8)) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (!line.isBlank()) {
                    pairs.add(pair(line, file, pairs.size() + 1));
                }
            }
        } catch (IOException e) {
            throw unusable(file + " is not readable", e);
        }
        return pairs;
    }

    private static JudgedPair pair(String line, String file, int number) {
        try {
            return Json.read(line.getBytes(StandardCharsets.UTF_8), JudgedPair.class);
        } catch (UncheckedIOException e) {
            // The cause quotes the line.
            throw unusable("line " + number + " of " + file + " is no judged pair", null);
        }
    }

    private static ContentHash writeLines(Path file, List<JudgedPair> pairs) throws IOException {
        StringBuilder lines = new StringBuilder();
        pairs.forEach(pair -> lines.append(Json.writeText(pair)).append('\n'));
        byte[] bytes = lines.toString().getBytes(StandardCharsets.UTF_8);
        Files.write(file, bytes);
        return ContentHash.of(bytes);
    }

    private static PalimpsestException unusable(String why, @org.jspecify.annotations.Nullable Throwable cause) {
        return new PalimpsestException(ErrorCode.SNAPSHOT_UNUSABLE, "the snapshot cannot be trained on: " + why, cause);
    }
}
