package io.palimpsest.retrain.snapshot;

import io.palimpsest.contracts.error.ErrorCode;
import io.palimpsest.contracts.error.PalimpsestException;
import io.palimpsest.contracts.event.Json;
import io.palimpsest.contracts.id.CollectionKey;
import io.palimpsest.contracts.id.ContentHash;
import io.palimpsest.contracts.id.DocumentId;
import io.palimpsest.contracts.id.DocumentKey;
import io.palimpsest.retrain.judgement.BeirLines;
import io.palimpsest.retrain.judgement.GradedPassage;
import io.palimpsest.retrain.judgement.PassageTexts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * An immutable training set. Queries and grades are at hand; the texts of passages are read when they are asked for, for each is
 * gone with its document.
 *
 * <p>Failure: {@link ErrorCode#SNAPSHOT_TAINTED} where a text is gone, {@link ErrorCode#SNAPSHOT_DAMAGED} where it is another one.
 */
public final class Snapshot {
    private final SnapshotManifest manifest;
    private final Body body;
    private final Function<SnapshotEntry, Optional<String>> texts;

    /** What a snapshot was made of. */
    public record Origin(DocumentId documentId, long revision, boolean trained, boolean imported) {}

    /** As it is kept. */
    record Body(SortedMap<String, List<SnapshotEntry>> slices, List<Origin> lineage) {
        Body {
            slices = new TreeMap<>(slices);
            lineage = List.copyOf(lineage);
        }
    }

    /** @param texts empty where the passage's document was erased */
    Snapshot(SnapshotManifest manifest, Body body, Function<SnapshotEntry, Optional<String>> texts) {
        this.manifest = manifest;
        this.body = body;
        this.texts = texts;
    }

    public SnapshotManifest manifest() {
        return manifest;
    }

    /** A slice without its passages; empty where the snapshot does not have it. */
    public List<SnapshotEntry> entries(String slice) {
        return List.copyOf(body.slices().getOrDefault(slice, List.of()));
    }

    /** Lines of a slice with their passages; none where the snapshot does not have it. */
    public List<SnapshotLine> lines(String slice) {
        List<SnapshotLine> lines = new ArrayList<>();
        int gone = 0;
        for (SnapshotEntry entry : entries(slice)) {
            Optional<String> text = texts.apply(entry);
            if (text.isPresent()) {
                lines.add(entry.with(text.get()));
            } else {
                gone++;
            }
        }
        if (gone > 0) {
            throw new PalimpsestException(
                    ErrorCode.SNAPSHOT_TAINTED,
                    gone + " lines of " + slice + " of snapshot " + manifest.hash()
                            + " are of documents that are gone");
        }
        return lines;
    }

    public List<Origin> lineage() {
        return body.lineage();
    }

    /** What is learned from, in clear, for a trainer: {@code snapshot.json}, {@code train.jsonl}, {@code validation.jsonl}. */
    void writeTo(Path folder) throws IOException {
        SortedMap<String, ContentHash> files = new TreeMap<>();
        for (String slice : List.of(SnapshotManifest.TRAIN, SnapshotManifest.VALIDATION)) {
            SnapshotManifest.Slice expected = manifest.slices().get(slice);
            if (expected != null) {
                byte[] bytes = SnapshotContents.bytes(lines(slice));
                if (!ContentHash.of(bytes).equals(expected.sha256())) {
                    throw new PalimpsestException(
                            ErrorCode.SNAPSHOT_DAMAGED, slice + " of snapshot " + manifest.hash() + " is another one");
                }
                Files.write(folder.resolve(expected.file()), bytes);
                files.put(expected.file(), expected.sha256());
            }
        }
        Files.write(folder.resolve(SnapshotManifest.FILE), Json.write(Map.of("hash", manifest.hash(), "files", files)));
    }

    /** A slice in BEIR's layout, in clear: {@code corpus.jsonl}, {@code queries.jsonl}, {@code qrels/<slice>.tsv}. */
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
