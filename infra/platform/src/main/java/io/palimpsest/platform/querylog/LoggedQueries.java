package io.palimpsest.platform.querylog;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.palimpsest.contracts.error.ErrorCode;
import io.palimpsest.contracts.error.PalimpsestException;
import io.palimpsest.contracts.event.Json;
import io.palimpsest.contracts.id.CollectionKey;
import io.palimpsest.contracts.id.DocumentKey;
import io.palimpsest.platform.database.Sql;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

/**
 * Reads the query log. Threading: safe. Failure: {@code DATABASE_FAILED}; {@code STORE_FAILED} where a record does not open
 * with this key.
 */
public final class LoggedQueries {
    private static final int PAGE = 500;

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

    /** Those that showed a document, in the order of their ids. Reads all of the collection's. */
    public List<String> showing(DocumentKey document) {
        List<String> found = new ArrayList<>();
        String after = "";
        while (true) {
            List<Sealed> page = sql.query(
                    "SELECT query_id, sealed FROM query_log WHERE tenant = ? AND collection = ? AND query_id > ?"
                            + " ORDER BY query_id LIMIT " + PAGE,
                    row -> new Sealed(row.getString(1), row.getString(2)),
                    document.tenant().value(),
                    document.collection().value(),
                    after);
            for (Sealed row : page) {
                if (open(row.queryId(), row.json()).shown().stream()
                        .anyMatch(hit -> hit.document().equals(document.document()))) {
                    found.add(row.queryId());
                }
            }
            if (page.size() < PAGE) {
                return found;
            }
            after = page.getLast().queryId();
        }
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
