package io.palimpsest.ingest.timeline;

import static io.palimpsest.ingest.database.Columns.instant;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.palimpsest.contracts.error.ErrorCode;
import io.palimpsest.contracts.id.ChangeId;
import io.palimpsest.contracts.id.CollectionKey;
import io.palimpsest.contracts.id.DocumentKey;
import io.palimpsest.contracts.id.TenantId;
import io.palimpsest.ingest.database.Columns;
import io.palimpsest.platform.database.Sql;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Answers where a change or a document stands. Threading: safe. Failure: DATABASE_FAILED. */
public final class Timeline {
    private static final String DEAD_LETTER_COLUMNS =
            "SELECT change_id, collection, error_code, message, at FROM dead_letter WHERE tenant = ? AND change_id = ?";

    private final Sql sql;

    public Timeline(Sql sql) {
        this.sql = sql;
    }

    /**
     * One change.
     *
     * @param version 0 until accepted
     * @param hint what to do about the error; null where there is none
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Change(
            String changeId,
            String collection,
            @Nullable String document,
            @Nullable String source,
            @Nullable String type,
            ChangeState state,
            long version,
            long duplicates,
            @Nullable Instant receivedAt,
            @Nullable Instant acceptedAt,
            @Nullable Instant extractedAt,
            @Nullable Instant revisedAt,
            @Nullable Instant indexedAt,
            @Nullable Instant endedAt,
            @Nullable Durations durations,
            int deliveries,
            int passages,
            int embedded,
            int reused,
            @Nullable String errorCode,
            @Nullable String message,
            @Nullable String hint) {}

    /** Milliseconds between the stages; each is null until both ends are known. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Durations(
            @Nullable Long gateMs,
            @Nullable Long extractMs,
            @Nullable Long reviseMs,
            @Nullable Long indexMs,
            @Nullable Long totalMs) {}

    /** One document as it is now. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Document(
            String document,
            String collection,
            @Nullable String source,
            @Nullable String title,
            @Nullable String location,
            @Nullable String mediaType,
            String state,
            long version,
            long revision,
            boolean searchableIsCurrent,
            int passages,
            @Nullable String errorCode,
            @Nullable String hint,
            Instant changedAt,
            @Nullable Instant indexedAt) {}

    /**
     * What to list.
     *
     * @param after document id to continue behind; null from the start
     * @param limit 1 to 1,000
     */
    public record DocumentFilter(
            CollectionKey collection,
            @Nullable String prefix,
            @Nullable String state,
            @Nullable String after,
            int limit) {}

    public Optional<Change> change(TenantId tenant, ChangeId id) {
        Optional<Change> found = sql.first(
                "SELECT * FROM document_change WHERE tenant = ? AND change_id = ?",
                Timeline::change,
                Columns.of(tenant, id));
        return found.isPresent() ? found : sql.first(DEAD_LETTER_COLUMNS, Timeline::letter, Columns.of(tenant, id));
    }

    public Optional<Document> document(DocumentKey key) {
        return sql.first("SELECT * FROM document WHERE document_key = ?", Timeline::document, Columns.of(key));
    }

    /** Newest first, at most 1,000. */
    public List<Change> changes(DocumentKey key) {
        return sql.query(
                "SELECT * FROM document_change WHERE document_key = ? ORDER BY received_at DESC NULLS LAST LIMIT 1000",
                Timeline::change,
                Columns.of(key));
    }

    /** In order of document id. */
    public List<Document> documents(DocumentFilter filter) {
        StringBuilder where = new StringBuilder("SELECT * FROM document WHERE tenant = ? AND collection = ?");
        List<Object> values = new ArrayList<>(
                List.of(filter.collection().tenant(), filter.collection().collection()));
        if (filter.prefix() != null) {
            // A range instead of LIKE: no wildcards to escape, and the index serves it.
            where.append(" AND document_id >= ? AND document_id < ?");
            values.add(filter.prefix());
            values.add(filter.prefix() + Character.toString(Character.MAX_CODE_POINT));
        }
        if (filter.state() != null) {
            where.append(" AND state = ?");
            values.add(filter.state());
        }
        if (filter.after() != null) {
            where.append(" AND document_id > ?");
            values.add(filter.after());
        }
        where.append(" ORDER BY document_id LIMIT ?");
        values.add(filter.limit());
        return sql.query(where.toString(), Timeline::document, Columns.of(values.toArray()));
    }

    private static Change change(ResultSet row) throws SQLException {
        Instant received = instant(row, "received_at");
        Instant accepted = instant(row, "accepted_at");
        Instant started = instant(row, "extract_started_at");
        Instant extracted = instant(row, "extracted_at");
        Instant revised = instant(row, "revised_at");
        Instant indexed = instant(row, "indexed_at");
        return new Change(
                row.getString("change_id"),
                row.getString("collection"),
                row.getString("document_id"),
                row.getString("source"),
                row.getString("type"),
                ChangeState.valueOf(row.getString("state")),
                row.getLong("version"),
                row.getLong("duplicates"),
                received,
                accepted,
                extracted,
                revised,
                indexed,
                instant(row, "ended_at"),
                new Durations(
                        between(received, accepted),
                        between(started, extracted),
                        between(extracted == null ? accepted : extracted, revised),
                        between(revised, indexed),
                        between(received, indexed)),
                row.getInt("deliveries"),
                row.getInt("passages"),
                row.getInt("embedded"),
                row.getInt("reused"),
                row.getString("error_code"),
                row.getString("message"),
                hint(row));
    }

    private static Change letter(ResultSet row) throws SQLException {
        Instant at = Objects.requireNonNull(instant(row, "at"));
        return new Change(
                row.getString("change_id"),
                row.getString("collection"),
                null,
                null,
                null,
                ChangeState.DEAD_LETTERED,
                0,
                0,
                at,
                null,
                null,
                null,
                null,
                at,
                null,
                0,
                0,
                0,
                0,
                row.getString("error_code"),
                row.getString("message"),
                hint(row));
    }

    private static Document document(ResultSet row) throws SQLException {
        long revision = row.getLong("revision");
        return new Document(
                row.getString("document_id"),
                row.getString("collection"),
                row.getString("source"),
                row.getString("title"),
                row.getString("location"),
                row.getString("media_type"),
                row.getString("state"),
                row.getLong("version"),
                revision,
                revision > 0 && row.getLong("indexed_revision") >= revision,
                row.getInt("passages"),
                row.getString("error_code"),
                hint(row),
                Instant.ofEpochMilli(row.getLong("changed_at")),
                instant(row, "indexed_at"));
    }

    private static @Nullable String hint(ResultSet row) throws SQLException {
        return ErrorCode.ofId(row.getString("error_code")).map(ErrorCode::hint).orElse(null);
    }

    private static @Nullable Long between(@Nullable Instant from, @Nullable Instant to) {
        return from == null || to == null
                ? null
                : Math.max(0, Duration.between(from, to).toMillis());
    }
}
