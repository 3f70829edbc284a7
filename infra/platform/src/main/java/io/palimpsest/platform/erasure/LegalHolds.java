package io.palimpsest.platform.erasure;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.palimpsest.contracts.error.ErrorCode;
import io.palimpsest.contracts.error.PalimpsestException;
import io.palimpsest.contracts.id.CollectionKey;
import io.palimpsest.contracts.id.DocumentKey;
import io.palimpsest.platform.database.Sql;
import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Documents that must not be erased, in the table {@code legal_hold}. Threading: safe, from several processes too. Failure:
 * DATABASE_FAILED.
 */
public final class LegalHolds {
    private static final String SELECT =
            "SELECT hold_id, tenant, collection, document_id, reason, placed_by, placed_at,"
                    + " released_by, released_at FROM legal_hold";

    private final Sql sql;
    private final InstantSource clock;

    public LegalHolds(Sql sql, InstantSource clock) {
        this.sql = sql;
        this.clock = clock;
    }

    /**
     * A hold.
     *
     * @param document id; null where it was released and the document erased
     * @param releasedAt null: it holds
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Hold(
            String id,
            CollectionKey collection,
            @Nullable String document,
            String reason,
            String placedBy,
            Instant placedAt,
            @Nullable String releasedBy,
            @Nullable Instant releasedAt) {}

    /** @throws PalimpsestException {@link ErrorCode#ERASURE_UNDER_WAY} where the document is being erased */
    public void place(String id, DocumentKey document, String reason, String by) {
        int unused = sql.inTurn(Erasures.TURN, transaction -> {
            Erasures.requireNone(transaction, document, "");
            return transaction.update(
                    "INSERT INTO legal_hold (hold_id, tenant, collection, document_id, reason, placed_by, placed_at)"
                            + " VALUES (?, ?, ?, ?, ?, ?, ?)",
                    id,
                    document.tenant().value(),
                    document.collection().value(),
                    document.document().value(),
                    reason,
                    by,
                    clock.millis());
        });
    }

    /** @return the hold; empty where it does not hold (any more) */
    public Optional<Hold> release(CollectionKey collection, String id, String by) {
        int released = sql.update(
                "UPDATE legal_hold SET released_by = ?, released_at = ? WHERE hold_id = ? AND tenant = ?"
                        + " AND collection = ? AND released_at IS NULL",
                by,
                clock.millis(),
                id,
                collection.tenant().value(),
                collection.collection().value());
        return released == 0
                ? Optional.empty()
                : of(collection).stream().filter(hold -> hold.id().equals(id)).findFirst();
    }

    /** Newest first, released ones too. */
    public List<Hold> of(CollectionKey collection) {
        return sql.query(
                SELECT + " WHERE tenant = ? AND collection = ? ORDER BY placed_at DESC, hold_id",
                row -> {
                    long released = row.getLong("released_at");
                    boolean holds = row.wasNull();
                    return new Hold(
                            row.getString("hold_id"),
                            collection,
                            row.getString("document_id"),
                            row.getString("reason"),
                            row.getString("placed_by"),
                            Instant.ofEpochMilli(row.getLong("placed_at")),
                            row.getString("released_by"),
                            holds ? null : Instant.ofEpochMilli(released));
                },
                collection.tenant().value(),
                collection.collection().value());
    }

    static boolean holds(Sql.Transaction transaction, DocumentKey document) throws SQLException {
        return !transaction
                .query(
                        "SELECT 1 FROM legal_hold WHERE tenant = ? AND collection = ? AND document_id = ?"
                                + " AND released_at IS NULL",
                        row -> row.getInt(1),
                        document.tenant().value(),
                        document.collection().value(),
                        document.document().value())
                .isEmpty();
    }
}
