package io.palimpsest.platform.querylog;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.palimpsest.contracts.error.ErrorCode;
import io.palimpsest.contracts.error.PalimpsestException;
import io.palimpsest.contracts.event.Json;
import io.palimpsest.contracts.id.CollectionKey;
import io.palimpsest.platform.database.Sql;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

/**
 * Reads the query log. Threading: safe. Failure: {@code DATABASE_FAILED}; {@code STORE_FAILED} where a record does not open
 * with this key.
 */
public final class LoggedQueries {
    private final Sql sql;
    private final QueryCipher cipher;

    public LoggedQueries(Sql sql, QueryCipher cipher) {
        this.sql = sql;
        this.cipher = cipher;
    }

    private record Sealed(String queryId, String json) {}

    /** Empty where it was never asked, is not written yet (the log is written behind the searches), or is past its retention. */
    public Optional<LoggedQuery> find(String queryId) {
        return sql.first("SELECT sealed FROM query_log WHERE query_id = ?", row -> row.getString(1), queryId)
                .map(json -> open(queryId, json));
    }

    /**
     * What was asked of a collection, newest first, probes included.
     *
     * @param from inclusive
     */
    public List<LoggedQuery> since(CollectionKey collection, Instant from, int limit) {
        return sql
                .query(
                        "SELECT query_id, sealed FROM query_log WHERE tenant = ? AND collection = ? AND asked_at >= ?"
                                + " ORDER BY asked_at DESC, query_id LIMIT " + limit,
                        row -> new Sealed(row.getString(1), row.getString(2)),
                        collection.tenant().value(),
                        collection.collection().value(),
                        from.toEpochMilli())
                .stream()
                .map(row -> open(row.queryId(), row.json()))
                .toList();
    }

    private LoggedQuery open(String queryId, String sealed) {
        byte[] json = cipher.open(Base64.getDecoder().decode(sealed), queryId.getBytes(UTF_8));
        try {
            return Json.read(json, LoggedQuery.class);
        } catch (UncheckedIOException e) {
            throw new PalimpsestException(
                    ErrorCode.STORE_FAILED, "query record " + queryId + " is not of this form", e);
        }
    }
}
