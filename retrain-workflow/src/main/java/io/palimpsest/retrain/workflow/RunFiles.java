package io.palimpsest.retrain.workflow;

import io.palimpsest.contracts.error.ErrorCode;
import io.palimpsest.contracts.error.PalimpsestException;
import io.palimpsest.contracts.id.CollectionId;
import io.palimpsest.contracts.id.CollectionKey;
import io.palimpsest.contracts.id.ContentHash;
import io.palimpsest.contracts.id.DocumentKey;
import io.palimpsest.contracts.model.ModelManifest;
import io.palimpsest.platform.content.ContentStore;
import io.palimpsest.platform.database.Sql;
import java.time.InstantSource;
import java.util.Optional;

/**
 * Reports and logs of runs, in the content store: any process shows what any other made.
 *
 * <p>Threading: safe. Ordering and idempotency: of a name the last one counts; a file is in the list only when all its bytes are in
 * the store. Failure: {@code STORE_FAILED}, {@code DATABASE_FAILED}.
 */
public final class RunFiles {
    /** What the last try of its training said. */
    public static final String LOG = "training.log";

    private static final CollectionId RUNS = new CollectionId("runs");

    private final Sql sql;
    private final ContentStore store;
    private final InstantSource clock;

    public RunFiles(Sql sql, ContentStore store, InstantSource clock) {
        this.sql = sql;
        this.store = store;
        this.clock = clock;
    }

    /** Under a key of the run's own: for what quotes no document and no query. */
    void put(String runId, String name, byte[] content) {
        DocumentKey owner = DocumentKey.of(new CollectionKey(ModelManifest.TENANT, RUNS), runId);
        list(runId, name, owner, store.put(owner, content));
    }

    /**
     * Under the key of another document of the reserved tenant, with which it becomes unreadable; nothing happens where that has no key.
     */
    void putBeside(String runId, String name, DocumentKey owner, byte[] content) {
        store.putBeside(owner, content).ifPresent(hash -> list(runId, name, owner, hash));
    }

    private void list(String runId, String name, DocumentKey owner, ContentHash content) {
        sql.update(
                "INSERT INTO run_file (run_id, name, shelf, owner, content, made_at) VALUES (?, ?, ?, ?, ?, ?)"
                        + " ON CONFLICT (run_id, name) DO UPDATE SET shelf = excluded.shelf, owner = excluded.owner,"
                        + " content = excluded.content, made_at = excluded.made_at",
                runId,
                name,
                owner.collection().value(),
                owner.document().value(),
                content.value(),
                clock.millis());
    }

    private record Place(DocumentKey owner, ContentHash content) {}

    /** Empty where there is none (yet), or its key was destroyed. */
    Optional<byte[]> read(String runId, String name) {
        Optional<Place> place = sql.first(
                "SELECT shelf, owner, content FROM run_file WHERE run_id = ? AND name = ?",
                row -> new Place(
                        DocumentKey.of(
                                new CollectionKey(ModelManifest.TENANT, new CollectionId(row.getString(1))),
                                row.getString(2)),
                        new ContentHash(row.getString(3))),
                runId,
                name);
        try {
            return place.map(found -> store.read(found.owner(), found.content()));
        } catch (PalimpsestException e) {
            if (e.code() == ErrorCode.CONTENT_GONE) {
                return Optional.empty();
            }
            throw e;
        }
    }
}
