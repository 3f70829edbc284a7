package io.palimpsest.retrain.snapshot;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.palimpsest.contracts.error.ErrorCode;
import io.palimpsest.contracts.error.PalimpsestException;
import io.palimpsest.contracts.event.Json;
import io.palimpsest.contracts.id.CollectionKey;
import io.palimpsest.contracts.id.ContentHash;
import io.palimpsest.contracts.id.DocumentId;
import io.palimpsest.contracts.id.DocumentKey;
import io.palimpsest.contracts.model.ModelManifest;
import io.palimpsest.retrain.judgement.BeirLines;
import io.palimpsest.retrain.judgement.GradedPassage;
import io.palimpsest.retrain.judgement.PassageTexts;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * A snapshot on disk: {@code snapshot.json}, {@code lineage.jsonl} and a file {@code <slice>.jsonl} for each slice; UTF-8, a
 * JSON object and a line feed for each line, in the order of query, document and passage ids.
 *
 * <p>Immutable: it appears under its name at once and whole, and is never written to again.
 */
public final class SnapshotFolder {
    private static final String ENDING = ".jsonl";

    private final Path folder;
    private final SnapshotManifest manifest;

    private SnapshotFolder(Path folder, SnapshotManifest manifest) {
        this.folder = folder;
        this.manifest = manifest;
    }

    /** What a snapshot was made of. */
    public record Origin(DocumentId documentId, long revision, boolean trained, boolean imported) {}

    /** @param files by name; what they are hashed from */
    record Contents(SortedMap<String, byte[]> files, SnapshotManifest manifest) {
        static Contents of(
                SnapshotSplit.Split split,
                List<Origin> origins,
                SnapshotPlan plan,
                SortedMap<String, Integer> refused) {
            SortedMap<String, byte[]> files = new TreeMap<>();
            SortedMap<String, SnapshotManifest.Slice> slices = new TreeMap<>();
            split.slices().forEach((name, lines) -> {
                byte[] bytes = bytes(lines);
                files.put(name + ENDING, bytes);
                int queries = (int)
                        lines.stream().map(SnapshotLine::queryId).distinct().count();
                slices.put(
                        name, new SnapshotManifest.Slice(name + ENDING, ContentHash.of(bytes), queries, lines.size()));
            });
            files.put(SnapshotManifest.LINEAGE, bytes(origins));
            return new Contents(
                    files, new SnapshotManifest(hash(files, plan.seed()), plan, slices, refused, split.removed()));
        }

        private static byte[] bytes(List<?> lines) {
            StringBuilder text = new StringBuilder();
            lines.forEach(line -> text.append(Json.writeText(line)).append('\n'));
            return text.toString().getBytes(UTF_8);
        }
    }

    private static ContentHash hash(SortedMap<String, byte[]> files, long seed) {
        SortedMap<String, ContentHash> hashes = new TreeMap<>();
        files.forEach((name, bytes) -> hashes.put(name, ContentHash.of(bytes)));
        return ContentHash.ofText(ModelManifest.digest(hashes) + "\nseed " + seed + "\n");
    }

    /** Nothing happens where it is there already: the same hash is the same snapshot. */
    static SnapshotFolder write(Path parent, Contents contents) {
        Path folder = parent.resolve(contents.manifest().hash().value());
        try {
            if (!Files.isDirectory(folder)) {
                Files.createDirectories(parent);
                Path partial = Files.createTempDirectory(parent, "making-");
                for (Map.Entry<String, byte[]> file : contents.files().entrySet()) {
                    Files.write(partial.resolve(file.getKey()), file.getValue());
                }
                Files.write(partial.resolve(SnapshotManifest.FILE), Json.write(contents.manifest()));
                appear(partial, folder);
            }
        } catch (IOException e) {
            throw new PalimpsestException(ErrorCode.STORE_FAILED, "the snapshot could not be written to " + parent, e);
        }
        return new SnapshotFolder(folder, contents.manifest());
    }

    private static void appear(Path partial, Path folder) throws IOException {
        try {
            Files.move(partial, folder, StandardCopyOption.ATOMIC_MOVE);
        } catch (FileAlreadyExistsException | DirectoryNotEmptyException e) {
            delete(partial); // another made the same meanwhile
        } catch (AtomicMoveNotSupportedException e) {
            Files.move(partial, folder);
        }
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    /**
     * Opens it, and checks every byte.
     *
     * @throws PalimpsestException {@link ErrorCode#SNAPSHOT_DAMAGED}
     */
    public static SnapshotFolder open(Path folder) {
        try {
            SnapshotManifest manifest =
                    Json.read(Files.readAllBytes(folder.resolve(SnapshotManifest.FILE)), SnapshotManifest.class);
            SortedMap<String, byte[]> files = new TreeMap<>();
            for (SnapshotManifest.Slice slice : manifest.slices().values()) {
                files.put(slice.file(), Files.readAllBytes(folder.resolve(slice.file())));
            }
            files.put(SnapshotManifest.LINEAGE, Files.readAllBytes(folder.resolve(SnapshotManifest.LINEAGE)));
            if (!hash(files, manifest.plan().seed()).equals(manifest.hash())) {
                throw new PalimpsestException(
                        ErrorCode.SNAPSHOT_DAMAGED,
                        "the files of snapshot " + manifest.hash() + " are not those of its hash");
            }
            return new SnapshotFolder(folder, manifest);
        } catch (IOException | UncheckedIOException | NullPointerException | IllegalArgumentException e) {
            throw new PalimpsestException(ErrorCode.SNAPSHOT_DAMAGED, "there is no whole snapshot in " + folder, e);
        }
    }

    public Path folder() {
        return folder;
    }

    public SnapshotManifest manifest() {
        return manifest;
    }

    /** Lines of a slice; none where the snapshot does not have it. */
    public List<SnapshotLine> lines(String slice) {
        return manifest.slices().containsKey(slice) ? read(slice + ENDING, SnapshotLine.class) : List.of();
    }

    public List<Origin> lineage() {
        return read(SnapshotManifest.LINEAGE, Origin.class);
    }

    private <T> List<T> read(String file, Class<T> type) {
        List<T> lines = new ArrayList<>();
        try (BufferedReader reader = Files.newBufferedReader(folder.resolve(file))) {
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                lines.add(Json.read(line.getBytes(UTF_8), type));
            }
            return lines;
        } catch (IOException | UncheckedIOException e) {
            throw new PalimpsestException(ErrorCode.SNAPSHOT_DAMAGED, file + " of a snapshot cannot be read", e);
        }
    }

    /** A slice in BEIR's layout: {@code corpus.jsonl}, {@code queries.jsonl}, {@code qrels/<slice>.tsv}. */
    public void exportBeir(String slice, Path target, CollectionKey collection) {
        Map<GradedPassage, String> labels = new LinkedHashMap<>();
        for (SnapshotLine line : lines(slice)) {
            labels.put(
                    new GradedPassage(
                            line.queryId(),
                            line.query(),
                            Instant.EPOCH,
                            new PassageTexts.Place(
                                    new DocumentKey(collection.tenant(), collection.collection(), line.documentId()),
                                    line.passageId(),
                                    null,
                                    null),
                            0,
                            line.text(),
                            line.grade(),
                            line.tag(),
                            false),
                    line.text());
        }
        try {
            BeirLines.of(labels).write(target, slice);
        } catch (IOException e) {
            throw new PalimpsestException(ErrorCode.STORE_FAILED, "the export could not be written to " + target, e);
        }
    }
}
