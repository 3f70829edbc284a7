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
import io.palimpsest.platform.ledger.LedgerEntries;
import io.palimpsest.platform.ledger.LedgerSink;
import io.palimpsest.retrain.judgement.DocumentStandings;
import io.palimpsest.retrain.judgement.GradedPassage;
import io.palimpsest.retrain.judgement.PassageTexts;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Makes training sets from judgements, keeps them, and says whether one may still be learned from.
 *
 * <p>Threading: safe. Ordering and idempotency: the same judgements and plan make the same snapshot, once. Failure:
 * {@code SNAPSHOT_TOO_SMALL}, {@code SNAPSHOT_DAMAGED}, {@code DATABASE_FAILED}, {@code STORE_FAILED}.
 */
public final class Snapshots {
    static final String SENSITIVE = "sensitive";
    static final String ERASED = "erased";
    static final String NOT_LIVE = "not-live";
    static final String TEXT_GONE = "text-gone";

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
        SortedMap<String, Integer> refused = new TreeMap<>();
        Set<String> here = new HashSet<>();
        List<SnapshotSplit.Labelled> usable = usable(labels, refused, here);
        SnapshotSplit.Split split = SnapshotSplit.of(usable, plan);
        check(split, plan, refused);
        List<Snapshot.Origin> origins = origins(usable, split);
        SnapshotManifest manifest = SnapshotContents.manifest(split, origins, plan, refused);
        ContentHash body = sealed.keep(collection, manifest.hash(), split, origins, here);
        Snapshot made = sealed.open(collection, manifest, body);
        register(collection, made, body, by);
        return made;
    }

    /**
     * Passages of documents are kept at once, each under its document's key: who erases a document in this moment erases them.
     *
     * @param here gets the ids of documents that have content here
     */
    private List<SnapshotSplit.Labelled> usable(
            List<GradedPassage> labels, SortedMap<String, Integer> refused, Set<String> here) {
        List<SnapshotSplit.Labelled> usable = new ArrayList<>();
        for (GradedPassage label : labels) {
            Optional<String> why = refusal(label);
            if (why.isPresent()) {
                refused.merge(why.get(), 1, Integer::sum);
                continue;
            }
            String imported = label.importedText();
            Optional<String> text =
                    imported != null ? Optional.of(imported) : parts.texts().text(label.place());
            if (text.filter(found -> !found.isBlank()).isEmpty()) {
                refused.merge(TEXT_GONE, 1, Integer::sum);
            } else if (sealed.keep(label.document(), text.get())) {
                here.add(label.document().document().value());
                usable.add(new SnapshotSplit.Labelled(label, text.get()));
            } else if (imported != null) {
                usable.add(new SnapshotSplit.Labelled(label, text.get()));
            } else {
                refused.merge(ERASED, 1, Integer::sum);
            }
        }
        return usable;
    }

    /** An imported passage has no document here, as a rule; where it has, what holds for that holds. */
    private Optional<String> refusal(GradedPassage label) {
        Optional<DocumentStandings.Standing> standing = parts.documents().of(label.document());
        if (standing.filter(DocumentStandings.Standing::sensitive).isPresent()) {
            return Optional.of(SENSITIVE);
        }
        boolean imported = label.importedText() != null;
        if ((!imported || standing.isPresent()) && parts.store().isErased(label.document())) {
            return Optional.of(ERASED);
        }
        boolean live = standing.map(DocumentStandings.Standing::live).orElse(imported);
        return live ? Optional.empty() : Optional.of(NOT_LIVE);
    }

    private static void check(SnapshotSplit.Split split, SnapshotPlan plan, SortedMap<String, Integer> refused) {
        Map<String, Integer> queries = split.slices().entrySet().stream()
                .collect(Collectors.toMap(Map.Entry::getKey, slice -> (int) slice.getValue().stream()
                        .map(SnapshotLine::queryId)
                        .distinct()
                        .count()));
        int all = queries.entrySet().stream()
                .filter(slice -> !slice.getKey().startsWith(SnapshotManifest.TAG)
                        && !slice.getKey().equals(SnapshotManifest.GENERAL))
                .mapToInt(Map.Entry::getValue)
                .sum();
        int each = Math.max(1, plan.minimumQueries() / 10);
        List<String> missing = new ArrayList<>();
        if (all < plan.minimumQueries()) {
            missing.add(all + " judged queries of " + plan.minimumQueries());
        }
        for (String name : List.of(SnapshotManifest.TRAIN, SnapshotManifest.VALIDATION, SnapshotManifest.UNSEEN)) {
            int count = queries.getOrDefault(name, 0);
            if (count < each) {
                missing.add(count + " queries in " + name + " of " + each);
            }
        }
        if (!missing.isEmpty()) {
            throw new PalimpsestException(
                    ErrorCode.SNAPSHOT_TOO_SMALL,
                    String.join(", ", missing) + "; left out: " + refused + ", across slices: " + split.removed());
        }
    }

    /** What the split kept, document by document; the newest revision that a label speaks of. */
    private static List<Snapshot.Origin> origins(List<SnapshotSplit.Labelled> labels, SnapshotSplit.Split split) {
        Set<String> kept = new HashSet<>();
        split.slices()
                .values()
                .forEach(lines ->
                        lines.forEach(line -> kept.add(line.documentId().value())));
        Set<String> trained = new HashSet<>();
        for (String name : List.of(SnapshotManifest.TRAIN, SnapshotManifest.VALIDATION)) {
            split.slices()
                    .getOrDefault(name, List.of())
                    .forEach(line -> trained.add(line.documentId().value()));
        }
        SortedMap<String, Snapshot.Origin> origins = new TreeMap<>();
        for (SnapshotSplit.Labelled each : labels) {
            GradedPassage label = each.label();
            String id = label.document().document().value();
            if (kept.contains(id)) {
                origins.merge(
                        id,
                        new Snapshot.Origin(
                                label.document().document(),
                                label.revision(),
                                trained.contains(id),
                                label.importedText() != null),
                        (one, other) -> new Snapshot.Origin(
                                one.documentId(),
                                Math.max(one.revision(), other.revision()),
                                one.trained(),
                                one.imported() && other.imported()));
            }
        }
        return List.copyOf(origins.values());
    }

    private void register(CollectionKey collection, Snapshot made, ContentHash body, String by) {
        ContentHash hash = made.manifest().hash();
        String tenant = collection.tenant().value();
        String name = collection.collection().value();
        Instant now = parts.clock().instant();
        List<Object[]> documents = made.lineage().stream()
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
                    now.toEpochMilli(),
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
        parts.ledger()
                .record(parts.entries()
                        .entry(
                                LedgerEntry.Type.SNAPSHOT_MADE,
                                now,
                                by,
                                new LedgerEntries.Scope(collection.tenant(), collection.collection()),
                                hash.value(),
                                Map.of(
                                        "snapshot", hash.value(),
                                        "seed",
                                                Long.toString(
                                                        made.manifest().plan().seed()),
                                        "documents", Integer.toString(documents.size())),
                                null));
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
            if (standing(each.collection(), each.snapshot()) instanceof SnapshotStanding.Tainted counts
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
        int erased = 0;
        int sensitive = 0;
        for (Learned learned : learned(collection, snapshot)) {
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

    private List<Learned> learned(CollectionKey collection, ContentHash snapshot) {
        return parts.sql()
                .query(
                        "SELECT document_id, imported FROM training_snapshot_document"
                                + " WHERE tenant = ? AND collection = ? AND snapshot = ? AND trained = 1",
                        row -> new Learned(DocumentKey.of(collection, row.getString(1)), row.getInt(2) == 1),
                        collection.tenant().value(),
                        collection.collection().value(),
                        snapshot.value());
    }
}
