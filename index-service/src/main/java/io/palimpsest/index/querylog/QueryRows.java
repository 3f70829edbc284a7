package io.palimpsest.index.querylog;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.palimpsest.contracts.event.Json;
import io.palimpsest.contracts.id.CollectionKey;
import io.palimpsest.contracts.id.DocumentKey;
import io.palimpsest.contracts.id.GenerationId;
import io.palimpsest.contracts.id.ModelId;
import io.palimpsest.index.receipt.KeptReceipt;
import io.palimpsest.platform.database.Sql;
import io.palimpsest.platform.querylog.QueryCipher;
import io.palimpsest.platform.querylog.ShownHit;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The tables {@code query_log} and {@code query_citation}. Threading: safe. Failure: {@code DATABASE_FAILED}; {@code STORE_FAILED}
 * where a row does not open with this key.
 */
public final class QueryRows {
    // A batch that is tried again may be there already.
    private static final String INSERT = "INSERT INTO query_log"
            + " (query_id, tenant, collection, generation, model, hits, asked_at, sealed, receipt, told)"
            + " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (query_id) DO NOTHING";
    private static final String CITE = "INSERT INTO query_citation (document, query_id, revision, place, cited)"
            + " VALUES (?, ?, ?, ?, ?) ON CONFLICT (document, query_id) DO NOTHING";

    private final Sql sql;
    private final QueryCipher cipher;
    private final Function<DocumentKey, String> hash;

    /** @param hash of a document's key, hex: what the table has instead of it */
    public QueryRows(Sql sql, QueryCipher cipher, Function<DocumentKey, String> hash) {
        this.sql = sql;
        this.cipher = cipher;
        this.hash = hash;
    }

    /** A record, and its receipt where it has one. */
    record Kept(QueryRecord asked, @Nullable KeptReceipt receipt) {}

    void insert(List<Kept> batch) {
        List<@Nullable Object[]> queries = batch.stream().map(this::row).toList();
        List<Object[]> citations = new ArrayList<>();
        batch.stream()
                .map(Kept::asked)
                .filter(asked -> !asked.probe())
                .forEach(asked -> citations.addAll(citations(asked)));
        sql.inTransaction(transaction -> {
            transaction.updateAll(INSERT, queries);
            if (!citations.isEmpty()) {
                transaction.updateAll(CITE, citations);
            }
            return queries.size();
        });
    }

    /** With what was shown for them. */
    void remove(List<Kept> batch) {
        List<Object[]> ids = batch.stream()
                .map(kept -> new Object[] {kept.asked().queryId()})
                .toList();
        if (!ids.isEmpty()) {
            sql.inTransaction(transaction -> {
                transaction.updateAll("DELETE FROM query_log WHERE query_id = ?", ids);
                return ids.size();
            });
        }
    }

    private @Nullable Object[] row(Kept kept) {
        QueryRecord asked = kept.asked();
        GenerationId generation = asked.generation();
        ModelId model = asked.model();
        KeptReceipt receipt = kept.receipt();
        return new @Nullable Object[] {
            asked.queryId(),
            asked.collection().tenant().value(),
            asked.collection().collection().value(),
            generation == null ? null : generation.value(),
            model == null ? null : model.value(),
            asked.shown().size(),
            asked.askedAt().toEpochMilli(),
            sealed(asked, asked.queryId()),
            receipt == null ? null : sealed(receipt, ofReceipt(asked.queryId())),
            receipt == null ? null : 0
        };
    }

    /** One for a document: of the best of its passages. */
    private List<Object[]> citations(QueryRecord asked) {
        QueryDetail detail = asked.detail();
        AnswerMade answer = detail == null ? null : detail.answer();
        Map<String, Object[]> rows = new HashMap<>();
        int place = 0;
        for (ShownHit hit : asked.shown()) {
            place++;
            boolean cited =
                    answer != null && answer.cited().contains(new AnswerMade.Cited(hit.document(), hit.passage()));
            String document = hash.apply(asked.document(hit));
            Object[] row = {document, asked.queryId(), hit.revision(), place, cited ? 1 : 0};
            rows.merge(document, row, (first, other) -> {
                first[4] = Math.max((Integer) first[4], (Integer) other[4]);
                return first;
            });
        }
        return List.copyOf(rows.values());
    }

    /** Empty where nobody asked it in this collection, or it is past its retention. */
    public Optional<QueryRecord> find(CollectionKey collection, String queryId) {
        return sql.first(
                        "SELECT sealed FROM query_log WHERE query_id = ? AND tenant = ? AND collection = ?",
                        row -> row.getString(1),
                        queryId,
                        collection.tenant().value(),
                        collection.collection().value())
                .map(row -> opened(row, queryId, QueryRecord.class));
    }

    /**
     * A receipt as it is kept.
     *
     * @param told whether its entry has left for the ledger
     */
    public record FoundReceipt(KeptReceipt kept, boolean told) {}

    private record SealedReceipt(String queryId, String receipt, boolean told) {}

    public Optional<FoundReceipt> receipt(CollectionKey collection, String queryId) {
        return sql.first(
                        "SELECT receipt, told FROM query_log"
                                + " WHERE query_id = ? AND tenant = ? AND collection = ? AND receipt IS NOT NULL",
                        row -> new SealedReceipt(queryId, row.getString(1), row.getInt(2) == 1),
                        queryId,
                        collection.tenant().value(),
                        collection.collection().value())
                .map(row -> new FoundReceipt(opened(row.receipt(), ofReceipt(queryId), KeptReceipt.class), row.told()));
    }

    /** Oldest first, of all collections and processes: what was not told, and asked before then. */
    public List<KeptReceipt> untold(Instant before, int limit) {
        return sql
                .query(
                        "SELECT query_id, receipt FROM query_log WHERE told = 0 AND asked_at < ? ORDER BY asked_at LIMIT "
                                + limit,
                        row -> new SealedReceipt(row.getString(1), row.getString(2), false),
                        before.toEpochMilli())
                .stream()
                .map(row -> opened(row.receipt(), ofReceipt(row.queryId()), KeptReceipt.class))
                .toList();
    }

    public void markTold(List<KeptReceipt> receipts) {
        List<Object[]> ids = receipts.stream()
                .map(receipt -> new Object[] {receipt.queryId()})
                .toList();
        sql.inTransaction(transaction -> {
            transaction.updateAll("UPDATE query_log SET told = 1 WHERE query_id = ?", ids);
            return ids.size();
        });
    }

    /**
     * A query that was shown a document.
     *
     * @param revision of it that was shown
     * @param place of the best of its passages, from 1
     * @param cited whether a sentence of the answer stands on it
     */
    public record Citing(String queryId, Instant askedAt, String generation, long revision, int place, boolean cited) {}

    /** Newest first; of what was asked before. */
    public List<Citing> citing(DocumentKey document, Instant before, int limit) {
        return sql.query(
                "SELECT q.query_id, q.asked_at, q.generation, c.revision, c.place, c.cited FROM query_citation c"
                        + " JOIN query_log q ON q.query_id = c.query_id WHERE c.document = ? AND q.asked_at < ?"
                        + " ORDER BY q.asked_at DESC, q.query_id LIMIT " + limit,
                row -> new Citing(
                        row.getString(1),
                        Instant.ofEpochMilli(row.getLong(2)),
                        row.getString(3),
                        row.getLong(4),
                        row.getInt(5),
                        row.getInt(6) == 1),
                hash.apply(document),
                before.toEpochMilli());
    }

    void purge(Instant before) {
        sql.update("DELETE FROM query_log WHERE asked_at < ?", before.toEpochMilli());
    }

    private static String ofReceipt(String queryId) {
        return "receipt of " + queryId;
    }

    private String sealed(Object value, String context) {
        return Base64.getEncoder().encodeToString(cipher.seal(Json.write(value), context.getBytes(UTF_8)));
    }

    private <T> T opened(String sealed, String context, Class<T> type) {
        return Json.read(cipher.open(Base64.getDecoder().decode(sealed), context.getBytes(UTF_8)), type);
    }
}
