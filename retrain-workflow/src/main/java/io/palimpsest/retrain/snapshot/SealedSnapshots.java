package io.palimpsest.retrain.snapshot;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.palimpsest.contracts.error.ErrorCode;
import io.palimpsest.contracts.error.PalimpsestException;
import io.palimpsest.contracts.event.Json;
import io.palimpsest.contracts.id.CollectionId;
import io.palimpsest.contracts.id.CollectionKey;
import io.palimpsest.contracts.id.ContentHash;
import io.palimpsest.contracts.id.DocumentKey;
import io.palimpsest.contracts.model.ModelManifest;
import io.palimpsest.platform.content.ContentStore;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Snapshots in the content store. A passage lies beside its document's other content, under the document's key, once for all
 * snapshots; what else a snapshot says lies under a key of the snapshot's own. So erasing a document makes its passages unreadable
 * in every snapshot.
 */
final class SealedSnapshots {
    static final String SHELF = "snapshots";
    private static final CollectionKey RESERVED = new CollectionKey(ModelManifest.TENANT, new CollectionId(SHELF));

    private final ContentStore store;

    SealedSnapshots(ContentStore store) {
        this.store = store;
    }

    /** Whether the document is here, and has the passage now. */
    boolean keep(DocumentKey document, String passage) {
        return store.putBeside(document, passage.getBytes(UTF_8)).isPresent();
    }

    /** All but the passages of documents that are here; those of others are in it. */
    static byte[] body(SnapshotDraft draft) {
        SortedMap<String, List<SnapshotEntry>> slices = new TreeMap<>();
        draft.split().slices().forEach((name, lines) -> {
            List<SnapshotEntry> entries = new ArrayList<>();
            for (SnapshotLine line : lines) {
                boolean here = draft.here().contains(line.documentId().value());
                entries.add(new SnapshotEntry(
                        line.queryId(),
                        line.query(),
                        line.passageId(),
                        line.documentId(),
                        ContentHash.ofText(line.text()),
                        here ? null : line.text(),
                        line.grade(),
                        line.tag()));
            }
            slices.put(name, entries);
        });
        return Json.write(new Snapshot.Body(slices, draft.origins()));
    }

    void keep(CollectionKey collection, ContentHash snapshot, byte[] body) {
        ContentHash unused = store.put(key(collection, snapshot), body);
    }

    /** @throws PalimpsestException {@link ErrorCode#SNAPSHOT_DAMAGED} */
    Snapshot open(CollectionKey collection, SnapshotManifest manifest, ContentHash body) {
        try {
            Snapshot.Body read = Json.read(store.read(key(collection, manifest.hash()), body), Snapshot.Body.class);
            return new Snapshot(manifest, read, entry -> text(collection, entry));
        } catch (UncheckedIOException e) {
            throw damaged(manifest.hash(), null); // the cause quotes text
        } catch (PalimpsestException e) {
            throw e.code() == ErrorCode.CONTENT_GONE || e.code() == ErrorCode.CONTENT_DAMAGED
                    ? damaged(manifest.hash(), e)
                    : e;
        }
    }

    private static PalimpsestException damaged(
            ContentHash snapshot, @org.jspecify.annotations.Nullable Throwable cause) {
        return new PalimpsestException(
                ErrorCode.SNAPSHOT_DAMAGED, "snapshot " + snapshot + " is not whole in the content store", cause);
    }

    private Optional<String> text(CollectionKey collection, SnapshotEntry entry) {
        if (entry.importedText() != null) {
            return Optional.of(entry.importedText());
        }
        DocumentKey document = new DocumentKey(collection.tenant(), collection.collection(), entry.documentId());
        try {
            return Optional.of(new String(store.read(document, entry.text()), UTF_8));
        } catch (PalimpsestException e) {
            if (e.code() == ErrorCode.CONTENT_GONE || e.code() == ErrorCode.CONTENT_DAMAGED) {
                return Optional.empty();
            }
            throw e;
        }
    }

    /** Destroys the snapshot's own key. */
    void erase(CollectionKey collection, ContentHash snapshot) {
        store.eraseDocument(key(collection, snapshot));
    }

    static DocumentKey key(CollectionKey collection, ContentHash snapshot) {
        return DocumentKey.of(RESERVED, collection + "/" + snapshot.value());
    }
}
