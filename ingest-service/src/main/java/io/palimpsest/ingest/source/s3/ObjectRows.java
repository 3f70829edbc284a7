package io.palimpsest.ingest.source.s3;

import io.palimpsest.ingest.database.Columns;
import io.palimpsest.platform.database.Sql;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * A bucket's objects as last looked at, and the numbers of their changes.
 *
 * <p>Threading: any number of threads and processes. Ordering: whoever wants to number a change read the row before it
 * looked at the object, and gets no number when the row has changed since: so the higher number has the later look. After a
 * kill the same number is sent again for the same state, and the gate drops what it had.
 */
final class ObjectRows {
    private static final String COLUMNS = "object_key, etag, bytes, modified, version_id, sequence, published";
    private static final int AT_ONCE = 500;

    private final Sql sql;
    private final String source;
    private final Clock clock;

    /**
     * One object.
     *
     * @param state null: it is gone
     */
    record Row(String key, @Nullable ObjectState state, long sequence, boolean published) {
        /** It was told, and there is nothing else to tell. */
        boolean isSettledAs(@Nullable ObjectState now) {
            return published && is(now);
        }

        /** It was about to be told: perhaps it was. */
        boolean isInterruptedAs(@Nullable ObjectState now) {
            return !published && is(now);
        }

        private boolean is(@Nullable ObjectState now) {
            return state == null ? now == null : now != null && state.isSameContent(now);
        }
    }

    /** @param source unique among all watched buckets */
    ObjectRows(Sql sql, String source, Clock clock) {
        this.sql = sql;
        this.source = source;
        this.clock = clock;
    }

    Optional<Row> row(String key) {
        return sql.first(
                "SELECT " + COLUMNS + " FROM bucket_object WHERE source = ? AND object_key = ?",
                ObjectRows::read,
                source,
                key);
    }

    Map<String, Row> rows(List<String> keys) {
        Map<String, Row> rows = new HashMap<>();
        for (int from = 0; from < keys.size(); from += AT_ONCE) {
            List<String> some = keys.subList(from, Math.min(keys.size(), from + AT_ONCE));
            List<@Nullable Object> arguments = new ArrayList<>(List.of(source));
            arguments.addAll(some);
            sql.query(
                            "SELECT " + COLUMNS + " FROM bucket_object WHERE source = ? AND object_key IN ("
                                    + "?, ".repeat(some.size() - 1) + "?)",
                            ObjectRows::read,
                            arguments.toArray())
                    .forEach(row -> rows.put(row.key(), row));
        }
        return rows;
    }

    /** Of all that are there, or whose end is not yet told. */
    List<String> present() {
        return sql.query(
                "SELECT object_key FROM bucket_object WHERE source = ? AND (etag IS NOT NULL OR published = 0)",
                row -> row.getString(1),
                source);
    }

    long count() {
        return sql.first(
                        "SELECT COUNT(*) FROM bucket_object WHERE source = ? AND etag IS NOT NULL",
                        row -> row.getLong(1),
                        source)
                .orElse(0L);
    }

    /**
     * Writes down what is about to be sent.
     *
     * @param before as it was read before the object was looked at; null: there was none
     * @return its number, after all that the object had, and after those of rows that are no more; empty when another was
     *     faster
     */
    OptionalLong reserve(String key, @Nullable Row before, @Nullable ObjectState now) {
        String etag = now == null ? null : now.etag();
        long bytes = now == null ? 0 : now.bytes();
        long modified = now == null ? 0 : now.modified();
        String version = now == null ? null : now.versionId();
        if (before == null) {
            long sequence = clock.millis();
            return taken(
                    sequence,
                    sql.update(
                            "INSERT INTO bucket_object (source, " + COLUMNS
                                    + ") VALUES (?, ?, ?, ?, ?, ?, ?, 0) ON CONFLICT (source, object_key) DO NOTHING",
                            Columns.of(source, key, etag, bytes, modified, version, sequence)));
        }
        long sequence = Math.max(before.sequence() + 1, clock.millis());
        return taken(
                sequence,
                sql.update(
                        "UPDATE bucket_object SET etag = ?, bytes = ?, modified = ?, version_id = ?,"
                                + " sequence = ?, published = 0 WHERE source = ? AND object_key = ? AND sequence = ?",
                        Columns.of(etag, bytes, modified, version, sequence, source, key, before.sequence())));
    }

    /** As if it had been told to be gone, so that what it is now is told anew. */
    void forget(String key) {
        sql.update(
                "UPDATE bucket_object SET etag = NULL, published = 1 WHERE source = ? AND object_key = ?", source, key);
    }

    /** As if it had been told to be there, so that its end is told anew. */
    void assume(String key) {
        sql.update(
                "INSERT INTO bucket_object (source, " + COLUMNS + ") VALUES (?, ?, '', 0, 0, NULL, 0, 1)"
                        + " ON CONFLICT (source, object_key) DO UPDATE SET etag = '', published = 1",
                source,
                key);
    }

    /** It has arrived. */
    void published(String key, long sequence) {
        sql.update(
                "UPDATE bucket_object SET published = 1 WHERE source = ? AND object_key = ? AND sequence = ?",
                source,
                key,
                sequence);
    }

    /** There is nothing to tell of it but to the next listing. */
    void touch(Row row, ObjectState now) {
        sql.update(
                "UPDATE bucket_object SET modified = ? WHERE source = ? AND object_key = ? AND sequence = ?",
                now.modified(),
                source,
                row.key(),
                row.sequence());
    }

    private static OptionalLong taken(long sequence, int changed) {
        return changed == 1 ? OptionalLong.of(sequence) : OptionalLong.empty();
    }

    private static Row read(ResultSet row) throws SQLException {
        String etag = row.getString("etag");
        return new Row(
                row.getString("object_key"),
                etag == null
                        ? null
                        : new ObjectState(
                                etag, row.getLong("bytes"), row.getLong("modified"), row.getString("version_id")),
                row.getLong("sequence"),
                row.getInt("published") == 1);
    }
}
