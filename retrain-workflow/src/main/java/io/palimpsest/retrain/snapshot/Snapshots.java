package io.palimpsest.retrain.snapshot;

import io.palimpsest.contracts.error.ErrorCode;
import io.palimpsest.contracts.error.PalimpsestException;
import io.palimpsest.contracts.event.Json;
import io.palimpsest.contracts.event.LedgerEntry;
import io.palimpsest.contracts.id.CollectionKey;
import io.palimpsest.contracts.id.ContentHash;
import io.palimpsest.contracts.id.DocumentKey;
import io.palimpsest.platform.content.ContentStore;
import io.palimpsest.platform.database.Sql;
import io.palimpsest.platform.erasure.Erasing;
import io.palimpsest.platform.erasure.Suppressions;
import io.palimpsest.platform.ledger.LedgerEntries;
import io.palimpsest.platform.ledger.LedgerSink;
import io.palimpsest.retrain.judgement.DocumentStandings;
import io.palimpsest.retrain.judgement.GradedPassage;
import io.palimpsest.retrain.judgement.PassageTexts;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Makes training sets from judgements, keeps them, and says whether one may still be learned from.
 *
 * <p>Threading: safe. Ordering and idempotency: the same judgements and plan make the same snapshot, once. Failure:
 * {@code SNAPSHOT_TOO_SMALL}, {@code SNAPSHOT_DAMAGED}, {@code DATABASE_FAILED}, {@code STORE_FAILED}.
 */
public final class Snapshots {
    private final Parts parts;
    private final SealedSnapshots sealed;

    /**
     * What snapshots stand on.
     *
     * @param store has the documents, and keeps the snapshots
     */
    public record Parts(
            Sql sql,
            ContentStore store,
            PassageTexts texts,
            DocumentStandings documents,
            Suppressions suppressions,
            LedgerEntries entries,
            LedgerSink ledger,
            Clock clock) {}

    public Snapshots(Parts parts) {
        this.parts = parts;
        this.sealed = new SealedSnapshots(parts.store());
    }

    /** @param by actor for the ledger, such as {@code service:retrain}
     * @throws PalimpsestException {@link ErrorCode#SNAPSHOT_TOO_SMALL} */
    public Snapshot make(CollectionKey collection, List<GradedPassage> labels, SnapshotPlan plan, String by) {
        SnapshotDraft draft = SnapshotDraft.of(labels, plan, parts, sealed);
        byte[] body = SealedSnapshots.body(draft);
        // The row first: a kill must leave nothing that no row knows of, and so nobody would retire.
        register(collection, draft, ContentHash.of(body), by);
        sealed.keep(collection, draft.manifest().hash(), body);
        if (overtaken(collection, draft)) {
            return make(collection, labels, plan, by);
        }
        tell(collection, draft, by);
        return sealed.open(collection, draft.manifest(), ContentHash.of(body));
    }

    /**
     * Whether a document of it was erased meanwhile. Asked after the row was there: so either the erasure has found the row, or what it
     * would have done is done here.
     */
    private boolean overtaken(CollectionKey collection, SnapshotDraft draft) {
        Set<DocumentKey> erased = parts.suppressions()
                .among(draft.origins().stream()
                        .map(origin ->
                                DocumentKey.of(collection, origin.documentId().value()))
                        .collect(Collectors.toSet()));
        if (!erased.isEmpty()) {
            retire(collection, List.of(draft.manifest().hash().value()));
        }
        for (DocumentKey document : erased) {
            parts.suppressions()
                    .erasure(document)
                    .ifPresent(erasure -> forget(document, Erasing.pseudonym(erasure, collection), erasure));
        }
        return !erased.isEmpty();
    }

    private void register(CollectionKey collection, SnapshotDraft made, ContentHash body, String by) {
        ContentHash hash = made.manifest().hash();
        String tenant = collection.tenant().value();
        String name = collection.collection().value();
        List<Object[]> documents = made.origins().stream()
                .map(origin -> new Object[] {
                    tenant,
                    name,
                    hash.value(),
                    origin.documentId().value(),
                    origin.revision(),
                    origin.trained() ? 1 : 0,
                    origin.imported() ? 1 : 0
                })
                .toList();
        parts.sql().inTransaction(transaction -> {
            transaction.update(
                    "INSERT INTO training_snapshot (snapshot, tenant, collection, made_at, made_by, manifest, body)"
                            + " VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (tenant, collection, snapshot)"
                            + " DO UPDATE SET body = excluded.body, retired_at = NULL",
                    hash.value(),
                    tenant,
                    name,
                    parts.clock().millis(),
                    by,
                    Json.writeText(made.manifest()),
                    body.value());
            transaction.updateAll(
                    "INSERT INTO training_snapshot_document (tenant, collection, snapshot, document_id, revision, trained,"
                            + " imported) VALUES (?, ?, ?, ?, ?, ?, ?)"
                            + " ON CONFLICT (tenant, collection, snapshot, document_id) DO NOTHING",
                    documents);
            return null;
        });
    }

    private void tell(CollectionKey collection, SnapshotDraft made, String by) {
        ContentHash hash = made.manifest().hash();
        parts.ledger()
                .record(parts.entries()
                        .ofCollection(
                                LedgerEntry.Type.SNAPSHOT_MADE,
                                parts.clock().instant(),
                                by,
                                collection,
                                hash.value(),
                                Map.of(
                                        "snapshot", hash.value(),
                                        "seed",
                                                Long.toString(
                                                        made.manifest().plan().seed()),
                                        "documents",
                                                Integer.toString(made.origins().size()))));
    }

    /** Newest first. */
    public List<SnapshotManifest> of(CollectionKey collection) {
        return parts
                .sql()
                .query(
                        "SELECT manifest FROM training_snapshot WHERE tenant = ? AND collection = ?"
                                + " ORDER BY made_at DESC, snapshot",
                        row -> row.getString(1),
                        collection.tenant().value(),
                        collection.collection().value())
                .stream()
                .map(json -> Json.read(json.getBytes(StandardCharsets.UTF_8), SnapshotManifest.class))
                .toList();
    }

    private record Kept(SnapshotManifest manifest, @Nullable String body, boolean retired) {}

    /**
     * As it was made; whether one may still learn from it is {@link #standing}.
     *
     * @throws PalimpsestException {@link ErrorCode#SNAPSHOT_UNREGISTERED}, {@link ErrorCode#SNAPSHOT_DAMAGED}, {@link
     *     ErrorCode#SNAPSHOT_TAINTED} where its key was destroyed
     */
    public Snapshot open(CollectionKey collection, ContentHash snapshot) {
        Kept kept = parts.sql()
                .first(
                        "SELECT manifest, body, retired_at FROM training_snapshot"
                                + " WHERE tenant = ? AND collection = ? AND snapshot = ?",
                        row -> new Kept(
                                Json.read(row.getString(1).getBytes(StandardCharsets.UTF_8), SnapshotManifest.class),
                                row.getString(2),
                                row.getLong(3) > 0),
                        collection.tenant().value(),
                        collection.collection().value(),
                        snapshot.value())
                .orElseThrow(() -> new PalimpsestException(
                        ErrorCode.SNAPSHOT_UNREGISTERED, "collection " + collection + " has no snapshot " + snapshot));
        if (kept.retired()) {
            throw tainted(standing(collection, snapshot));
        }
        String body = kept.body();
        if (body == null) {
            throw new PalimpsestException(
                    ErrorCode.SNAPSHOT_DAMAGED, "the lines of snapshot " + snapshot + " are not kept");
        }
        return sealed.open(collection, kept.manifest(), new ContentHash(body));
    }

    /**
     * To be learned from.
     *
     * @throws PalimpsestException as {@link #open}, and {@link ErrorCode#SNAPSHOT_TAINTED} with a count of why
     */
    public Snapshot openSound(CollectionKey collection, ContentHash snapshot) {
        requireSound(collection, snapshot);
        return open(collection, snapshot);
    }

    /** @throws PalimpsestException {@link ErrorCode#SNAPSHOT_TAINTED} with a count of why */
    public void requireSound(CollectionKey collection, ContentHash snapshot) {
        SnapshotStanding standing = standing(collection, snapshot);
        if (standing instanceof SnapshotStanding.Tainted) {
            throw tainted(standing);
        }
    }

    private static PalimpsestException tainted(SnapshotStanding standing) {
        String why = standing instanceof SnapshotStanding.Tainted counts
                ? counts.erased() + " of its documents were erased, " + counts.sensitive() + " were marked sensitive"
                : "documents of it were erased";
        return new PalimpsestException(
                ErrorCode.SNAPSHOT_TAINTED, "snapshot " + standing.snapshot() + " is not to be learned from: " + why);
    }

    /**
     * Destroys the keys of snapshots of which a document was erased since: what they and the logs of their trainings may quote of
     * it, beside its own passages, is unreadable from then on.
     *
     * @return how many
     */
    public int retireErased() {
        int retired = 0;
        for (Registered each : parts.sql()
                .query(
                        "SELECT tenant, collection, snapshot FROM training_snapshot WHERE retired_at IS NULL",
                        row -> new Registered(
                                CollectionKey.of(row.getString(1), row.getString(2)),
                                new ContentHash(row.getString(3))))) {
            // Imported passages lie in the snapshot itself, what is only tested with too.
            if (gone(each.collection(), each.snapshot(), "trained = 1 OR imported = 1")
                            instanceof SnapshotStanding.Tainted counts
                    && counts.erased() > 0) {
                sealed.erase(each.collection(), each.snapshot());
                retired += parts.sql()
                        .update(
                                "UPDATE training_snapshot SET retired_at = ?"
                                        + " WHERE tenant = ? AND collection = ? AND snapshot = ? AND retired_at IS NULL",
                                parts.clock().millis(),
                                each.collection().tenant().value(),
                                each.collection().collection().value(),
                                each.snapshot().value());
            }
        }
        return retired;
    }

    /** Destroys the keys of these, whatever else is known of their documents. */
    public void retire(CollectionKey collection, List<String> hashes) {
        for (String hash : hashes) {
            sealed.erase(collection, new ContentHash(hash));
            parts.sql()
                    .update(
                            "UPDATE training_snapshot SET retired_at = ? WHERE tenant = ? AND collection = ?"
                                    + " AND snapshot = ? AND retired_at IS NULL",
                            parts.clock().millis(),
                            collection.tenant().value(),
                            collection.collection().value(),
                            hash);
        }
    }

    /**
     * Taints the models that learned from a document, and names it no more.
     *
     * @param pseudonym stands for it from then on: a document that is erased, in what tells which snapshots are sound
     * @return rows that named it
     */
    public int forget(DocumentKey document, DocumentKey pseudonym, String erasure) {
        return parts.sql().inTransaction(transaction -> {
            transaction.update(
                    "INSERT INTO tainted_model (model, erasure_id, tenant, collection, snapshot, found_at)"
                            + " SELECT DISTINCT model.id, ?, learned.tenant, learned.collection, learned.snapshot, "
                            + parts.clock().millis()
                            + " FROM training_snapshot_document learned JOIN model ON model.snapshot = learned.snapshot"
                            + " WHERE learned.tenant = ? AND learned.collection = ? AND learned.document_id = ?"
                            + " AND learned.trained = 1 ON CONFLICT (model, erasure_id) DO NOTHING",
                    erasure,
                    document.tenant().value(),
                    document.collection().value(),
                    document.document().value());
            return transaction.update(
                    "UPDATE training_snapshot_document SET document_id = ?, imported = 0"
                            + " WHERE tenant = ? AND collection = ? AND document_id = ?",
                    pseudonym.document().value(),
                    document.tenant().value(),
                    document.collection().value(),
                    document.document().value());
        });
    }

    /** Whether its key was destroyed, in any collection. */
    public boolean isRetired(ContentHash snapshot) {
        return parts.sql()
                .first(
                        "SELECT 1 FROM training_snapshot WHERE snapshot = ? AND retired_at IS NOT NULL",
                        row -> row.getInt(1),
                        snapshot.value())
                .isPresent();
    }

    private record Registered(CollectionKey collection, ContentHash snapshot) {}

    /** The document in the content store that a snapshot's key belongs to: what quotes the snapshot is kept there too. */
    public static DocumentKey key(CollectionKey collection, ContentHash snapshot) {
        return SealedSnapshots.key(collection, snapshot);
    }

    private record Learned(DocumentKey document, boolean imported) {}

    /** As of now: what was learned from may have been erased, or marked sensitive, since. */
    public SnapshotStanding standing(CollectionKey collection, ContentHash snapshot) {
        if (parts.sql()
                .first(
                        "SELECT 1 FROM training_snapshot WHERE tenant = ? AND collection = ? AND snapshot = ?",
                        row -> row.getInt(1),
                        collection.tenant().value(),
                        collection.collection().value(),
                        snapshot.value())
                .isEmpty()) {
            return new SnapshotStanding.Unregistered(snapshot);
        }
        return gone(collection, snapshot, "trained = 1");
    }

    private SnapshotStanding gone(CollectionKey collection, ContentHash snapshot, String which) {
        int erased = 0;
        int sensitive = 0;
        for (Learned learned : documents(collection, snapshot, which)) {
            Optional<DocumentStandings.Standing> standing = parts.documents().of(learned.document());
            if (standing.filter(DocumentStandings.Standing::sensitive).isPresent()) {
                sensitive++;
            } else if ((!learned.imported() || standing.isPresent())
                    && parts.store().isErased(learned.document())) {
                erased++;
            }
        }
        return erased + sensitive > 0
                ? new SnapshotStanding.Tainted(snapshot, erased, sensitive)
                : new SnapshotStanding.Sound(snapshot);
    }

    /** @param which condition from the code */
    private List<Learned> documents(CollectionKey collection, ContentHash snapshot, String which) {
        return parts.sql()
                .query(
                        "SELECT document_id, imported FROM training_snapshot_document"
                                + " WHERE tenant = ? AND collection = ? AND snapshot = ? AND (" + which + ")",
                        row -> new Learned(DocumentKey.of(collection, row.getString(1)), row.getInt(2) == 1),
                        collection.tenant().value(),
                        collection.collection().value(),
                        snapshot.value());
    }
}
