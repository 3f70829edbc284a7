package io.palimpsest.ingest.timeline;

import static io.palimpsest.ingest.database.Columns.instant;

import io.palimpsest.contracts.event.DocumentAccepted;
import io.palimpsest.contracts.event.DocumentExtracted;
import io.palimpsest.contracts.id.ChangeId;
import io.palimpsest.contracts.id.CollectionKey;
import io.palimpsest.contracts.id.DocumentKey;
import io.palimpsest.ingest.database.Columns;
import io.palimpsest.platform.database.Sql;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/** Reads and writes the rows of the timeline's tables, many at a time, inside the caller's transaction. */
final class TimelineStore {
    private static final int CHUNK = 400; // SQLite's smallest limit of parameters is 999

    private static final String UPSERT_CHANGE = """
            INSERT INTO document_change (change_id, document_key, tenant, collection, document_id, source, event_id, type,
                arrivals, duplicates, version, effect, received_at, accepted_at, extract_started_at, extracted_at,
                revised_at, indexed_at, ended_at, outcome, state, open, error_code, message, deliveries, passages,
                embedded, reused)
            VALUES (%s)
            ON CONFLICT (change_id) DO UPDATE SET source = excluded.source, event_id = excluded.event_id,
                type = excluded.type, arrivals = excluded.arrivals, duplicates = excluded.duplicates,
                version = excluded.version, effect = excluded.effect, received_at = excluded.received_at,
                accepted_at = excluded.accepted_at, extract_started_at = excluded.extract_started_at,
                extracted_at = excluded.extracted_at, revised_at = excluded.revised_at,
                indexed_at = excluded.indexed_at, ended_at = excluded.ended_at, outcome = excluded.outcome,
                state = excluded.state, open = excluded.open, error_code = excluded.error_code,
                message = excluded.message, deliveries = excluded.deliveries, passages = excluded.passages,
                embedded = excluded.embedded, reused = excluded.reused
            """.formatted(Columns.placeholders(28));

    private static final String MOVE_COUNT = """
            INSERT INTO change_count (tenant, collection, state, changes, duplicates, arrivals, firsts, extracted,
                embedded, reused)
            VALUES (%s)
            ON CONFLICT (tenant, collection, state) DO UPDATE SET changes = change_count.changes + excluded.changes,
                duplicates = change_count.duplicates + excluded.duplicates,
                arrivals = change_count.arrivals + excluded.arrivals, firsts = change_count.firsts + excluded.firsts,
                extracted = change_count.extracted + excluded.extracted,
                embedded = change_count.embedded + excluded.embedded, reused = change_count.reused + excluded.reused
            """.formatted(Columns.placeholders(10));

    private static final String UPSERT_DOCUMENT = """
            INSERT INTO document (document_key, tenant, collection, document_id, source, title, location, media_type,
                state, version, revision, indexed_version, indexed_revision, passages, error_code, changed_at, indexed_at)
            VALUES (%s)
            ON CONFLICT (document_key) DO UPDATE SET source = excluded.source, title = excluded.title,
                location = excluded.location, media_type = excluded.media_type, state = excluded.state,
                version = excluded.version, revision = excluded.revision, indexed_version = excluded.indexed_version,
                indexed_revision = excluded.indexed_revision, passages = excluded.passages,
                error_code = excluded.error_code, changed_at = excluded.changed_at, indexed_at = excluded.indexed_at
            """.formatted(Columns.placeholders(17));

    private final Sql.Transaction transaction;

    TimelineStore(Sql.Transaction transaction) {
        this.transaction = transaction;
    }

    List<DocumentRow> documents(Collection<DocumentKey> keys) throws SQLException {
        return chunked(keys, "SELECT * FROM document WHERE document_key IN (%s)", TimelineStore::document);
    }

    List<ChangeRow> changes(Collection<ChangeId> ids) throws SQLException {
        return chunked(ids, "SELECT * FROM document_change WHERE change_id IN (%s)", TimelineStore::change);
    }

    List<ChangeRow> openChanges(Collection<DocumentKey> keys) throws SQLException {
        return chunked(
                keys, "SELECT * FROM document_change WHERE open = 1 AND document_key IN (%s)", TimelineStore::change);
    }

    List<DeadLetterRow> deadLetters(Collection<ChangeId> ids) throws SQLException {
        return chunked(
                ids,
                "SELECT change_id, error_code, message, at FROM dead_letter WHERE change_id IN (%s)",
                row -> new DeadLetterRow(
                        new ChangeId(row.getString("change_id")),
                        row.getString("error_code"),
                        row.getString("message"),
                        Instant.ofEpochMilli(row.getLong("at"))));
    }

    void saveChanges(Collection<ChangeRow> rows, ToLongFunction<ChangeRow> indexedVersion) throws SQLException {
        List<@Nullable Object[]> values = new ArrayList<>(rows.size());
        Map<Group, ChangeCount> moves = new HashMap<>();
        for (ChangeRow row : rows) {
            DocumentKey key = row.key;
            ChangeState state = row.state(indexedVersion.applyAsLong(row));
            if (row.counted != null) {
                moves.merge(
                        new Group(key.collectionKey(), row.counted.state()),
                        ChangeCount.NONE.minus(row.counted.count()),
                        ChangeCount::plus);
            }
            moves.merge(new Group(key.collectionKey(), state), ChangeCount.of(row), ChangeCount::plus);
            values.add(Columns.of(
                    row.changeId,
                    key,
                    key.tenant(),
                    key.collection(),
                    key.document(),
                    row.source,
                    row.eventId,
                    row.type,
                    row.arrivals,
                    row.duplicates,
                    row.version,
                    row.effect,
                    row.receivedAt,
                    row.acceptedAt,
                    row.extractStartedAt,
                    row.extractedAt,
                    row.revisedAt,
                    row.indexedAt,
                    row.endedAt,
                    row.outcome,
                    state,
                    state.inFlight(),
                    row.errorCode,
                    row.message,
                    row.deliveries,
                    row.passages,
                    row.embedded,
                    row.reused));
        }
        transaction.updateAll(UPSERT_CHANGE, values);
        moveCounts(moves);
    }

    private record Group(CollectionKey collection, ChangeState state) {}

    private void moveCounts(Map<Group, ChangeCount> moves) throws SQLException {
        List<@Nullable Object[]> values = new ArrayList<>(moves.size());
        moves.forEach((group, count) -> {
            if (!count.equals(ChangeCount.NONE)) {
                values.add(Columns.of(
                        group.collection().tenant(),
                        group.collection().collection(),
                        group.state(),
                        count.changes(),
                        count.duplicates(),
                        count.arrivals(),
                        count.firsts(),
                        count.extracted(),
                        count.embedded(),
                        count.reused()));
            }
        });
        transaction.updateAll(MOVE_COUNT, values);
    }

    void saveDocuments(Collection<DocumentRow> rows) throws SQLException {
        List<@Nullable Object[]> values = new ArrayList<>(rows.size());
        for (DocumentRow row : rows) {
            DocumentKey key = row.key;
            values.add(Columns.of(
                    key,
                    key.tenant(),
                    key.collection(),
                    key.document(),
                    row.source,
                    row.title,
                    row.location,
                    row.mediaType,
                    row.state,
                    row.version,
                    row.revision,
                    row.indexedVersion,
                    row.indexedRevision,
                    row.passages,
                    row.errorCode,
                    row.changedAt,
                    row.indexedAt));
        }
        transaction.updateAll(UPSERT_DOCUMENT, values);
    }

    private static DocumentRow document(ResultSet row) throws SQLException {
        DocumentRow document = new DocumentRow(DocumentKey.parse(row.getString("document_key")));
        document.source = row.getString("source");
        document.title = row.getString("title");
        document.location = row.getString("location");
        document.mediaType = row.getString("media_type");
        document.state = row.getString("state");
        document.version = row.getLong("version");
        document.revision = row.getLong("revision");
        document.indexedVersion = row.getLong("indexed_version");
        document.indexedRevision = row.getLong("indexed_revision");
        document.passages = row.getInt("passages");
        document.errorCode = row.getString("error_code");
        document.changedAt = Instant.ofEpochMilli(row.getLong("changed_at"));
        document.indexedAt = instant(row, "indexed_at");
        return document;
    }

    private static ChangeRow change(ResultSet row) throws SQLException {
        ChangeRow change = new ChangeRow(
                new ChangeId(row.getString("change_id")), DocumentKey.parse(row.getString("document_key")));
        change.source = row.getString("source");
        change.eventId = row.getString("event_id");
        change.type = row.getString("type");
        change.arrivals = row.getLong("arrivals");
        change.duplicates = row.getLong("duplicates");
        change.version = row.getLong("version");
        change.effect = named(DocumentAccepted.Effect.class, row.getString("effect"));
        change.receivedAt = instant(row, "received_at");
        change.acceptedAt = instant(row, "accepted_at");
        change.extractStartedAt = instant(row, "extract_started_at");
        change.extractedAt = instant(row, "extracted_at");
        change.revisedAt = instant(row, "revised_at");
        change.indexedAt = instant(row, "indexed_at");
        change.endedAt = instant(row, "ended_at");
        change.outcome = named(DocumentExtracted.Outcome.class, row.getString("outcome"));
        ChangeState state = ChangeState.valueOf(row.getString("state"));
        change.droppedAs = switch (state) {
            case STALE, DEAD_LETTERED -> state;
            case QUARANTINED -> change.outcome == DocumentExtracted.Outcome.FAILED ? null : state; // by the index
            default -> null;
        };
        change.errorCode = row.getString("error_code");
        change.message = row.getString("message");
        change.deliveries = row.getInt("deliveries");
        change.passages = row.getInt("passages");
        change.embedded = row.getInt("embedded");
        change.reused = row.getInt("reused");
        change.counted = new ChangeRow.Counted(state, ChangeCount.of(change));
        return change;
    }

    private static <E extends Enum<E>> @Nullable E named(Class<E> type, @Nullable String name) {
        return name == null ? null : Enum.valueOf(type, name);
    }

    private <T> List<T> chunked(Collection<?> values, String sql, Sql.Row<T> reader) throws SQLException {
        List<Object> all = new ArrayList<>(values);
        List<T> rows = new ArrayList<>();
        for (int from = 0; from < all.size(); from += CHUNK) {
            List<Object> chunk = all.subList(from, Math.min(all.size(), from + CHUNK));
            rows.addAll(transaction.query(
                    sql.formatted(Columns.placeholders(chunk.size())), reader, Columns.of(chunk.toArray())));
        }
        return rows;
    }

    /** What the timeline needs of a dead letter. */
    record DeadLetterRow(ChangeId changeId, String errorCode, String message, Instant at) {}
}
