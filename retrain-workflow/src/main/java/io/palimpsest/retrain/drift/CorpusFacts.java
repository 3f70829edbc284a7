package io.palimpsest.retrain.drift;

import io.palimpsest.contracts.id.CollectionKey;
import io.palimpsest.platform.database.Sql;
import io.palimpsest.retrain.drift.triage.Facts;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/**
 * How the documents of a collection stand, from what the ingest service tells of them in the tables of V3. Threading: safe. Failure:
 * DATABASE_FAILED.
 */
public final class CorpusFacts {
    /** Changes are searchable in seconds: one that is not after so long is told (arbitrary). */
    private static final Duration IN_TIME = Duration.ofMinutes(5);

    /** Taken and not ended, or ahead of the index without a change of their own, such as after a new extractor. */
    private static final String STALE =
            "SELECT COUNT(*) FROM (SELECT document_key FROM document_change WHERE tenant = ? AND collection = ? AND open = 1"
                    + " AND received_at < ? UNION SELECT document_key FROM document WHERE tenant = ? AND collection = ?"
                    + " AND (version > indexed_version OR revision > indexed_revision) AND changed_at < ?) behind"
                    + " WHERE NOT EXISTS (SELECT 1 FROM quarantine_entry q WHERE q.document_key = behind.document_key)";

    private static final String FAILED =
            "SELECT COUNT(DISTINCT document_key) FROM quarantine_entry WHERE tenant = ? AND collection = ?";

    private static final String DOCUMENTS =
            "SELECT COALESCE(SUM(CASE WHEN state = 'LIVE' THEN 1 ELSE 0 END), 0) AS live,"
                    + " COALESCE(SUM(CASE WHEN state = 'LIVE' THEN passages ELSE 0 END), 0) AS passages, COUNT(*) AS known,"
                    + " COALESCE(SUM(CASE WHEN changed_at > ? THEN 1 ELSE 0 END), 0) AS changed"
                    + " FROM document WHERE tenant = ? AND collection = ?";

    private final Sql sql;
    private final ReferenceStore references;
    private final InstantSource clock;

    public CorpusFacts(Sql sql, ReferenceStore references, InstantSource clock) {
        this.sql = sql;
        this.references = references;
        this.clock = clock;
    }

    private record Documents(long live, long passages, long known, long changed) {}

    public Facts.Corpus of(CollectionKey collection) {
        String tenant = collection.tenant().value();
        String name = collection.collection().value();
        long due = clock.instant().minus(IN_TIME).toEpochMilli();
        // Without a reference nothing is compared, so nothing has changed.
        long since = references
                .summary(collection)
                .map(ReferenceStore.Summary::to)
                .map(Instant::toEpochMilli)
                .orElse(Long.MAX_VALUE);
        Documents documents = sql.first(
                        DOCUMENTS,
                        row -> new Documents(
                                row.getLong("live"),
                                row.getLong("passages"),
                                row.getLong("known"),
                                row.getLong("changed")),
                        since,
                        tenant,
                        name)
                .orElse(new Documents(0, 0, 0, 0));
        return new Facts.Corpus(
                documents.live(),
                count(STALE, tenant, name, due, tenant, name, due),
                count(FAILED, tenant, name),
                documents.passages(),
                documents.known() == 0 ? 0 : (double) documents.changed() / documents.known());
    }

    private long count(String query, Object... arguments) {
        return sql.first(query, row -> row.getLong(1), arguments).orElse(0L);
    }
}
