package io.palimpsest.platform.erasure;

import io.palimpsest.contracts.error.ErrorCode;
import io.palimpsest.contracts.error.PalimpsestException;
import io.palimpsest.contracts.id.CollectionKey;
import io.palimpsest.contracts.id.DocumentId;
import io.palimpsest.contracts.id.DocumentKey;
import io.palimpsest.platform.database.Sql;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The erasures there were and are, in the table {@code erasure}.
 *
 * <p>Threading: safe, from several processes too. Ordering and idempotency: a state is left once. Failure: DATABASE_FAILED.
 */
public final class Erasures {
    private static final String COLUMNS = "SELECT erasure_id, tenant, collection, document_id, commitment, reason,"
            + " requested_by, requested_at, expires_at, state, began_at, ended_at, certificate FROM erasure";

    /** Of whoever decides whether a document is erased, held, or allowed back. */
    static final String TURN = "legal_hold";

    private final Sql sql;
    private final InstantSource clock;

    public Erasures(Sql sql, InstantSource clock) {
        this.sql = sql;
        this.clock = clock;
    }

    /** Where it stands. */
    public enum State {
        /** For a second person. */
        WAITING,
        ERASING,
        ERASED,
        /** Refused because of a legal hold. */
        HELD,
        REJECTED,
        EXPIRED,
        CANCELLED,
        /** A store still had something after every try: it is not erased. */
        FAILED;

        public boolean isOver() {
            return this != WAITING && this != ERASING;
        }
    }

    /**
     * An erasure.
     *
     * @param document null once it is over: nothing here says which one it was
     * @param commitment hex; see {@link ErasureCommitment}
     * @param certificate canonical JSON; null before there is one
     */
    public record Erasure(
            String id,
            CollectionKey collection,
            @Nullable DocumentKey document,
            String commitment,
            String reason,
            String requestedBy,
            Instant requestedAt,
            Instant expiresAt,
            State state,
            @Nullable Instant beganAt,
            @Nullable Instant endedAt,
            @Nullable String certificate) {}

    public void request(Erasure asked) {
        DocumentKey document = asked.document();
        sql.update(
                "INSERT INTO erasure (erasure_id, tenant, collection, document_id, commitment, reason, requested_by,"
                        + " requested_at, expires_at, state) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                asked.id(),
                asked.collection().tenant().value(),
                asked.collection().collection().value(),
                document == null ? null : document.document().value(),
                asked.commitment(),
                asked.reason(),
                asked.requestedBy(),
                asked.requestedAt().toEpochMilli(),
                asked.expiresAt().toEpochMilli(),
                asked.state().name());
    }

    public Optional<Erasure> find(String id) {
        return sql.first(COLUMNS + " WHERE erasure_id = ?", Erasures::erasure, id);
    }

    /** Newest first. */
    public List<Erasure> of(CollectionKey collection, int limit) {
        return sql.query(
                COLUMNS + " WHERE tenant = ? AND collection = ? ORDER BY requested_at DESC, erasure_id LIMIT ?",
                Erasures::erasure,
                collection.tenant().value(),
                collection.collection().value(),
                limit);
    }

    /**
     * From here on there is no way back, and no hold can be placed; repeated, it says the same.
     *
     * @return false where a hold keeps it
     * @throws PalimpsestException {@link ErrorCode#ERASURE_UNDER_WAY} where another one is erasing the document
     */
    public boolean begin(String id, DocumentKey document) {
        return sql.inTurn(TURN, transaction -> {
            requireNone(transaction, document, id);
            boolean held = LegalHolds.holds(transaction, document);
            if (!held) {
                transaction.update(
                        "UPDATE erasure SET state = 'ERASING', began_at = ? WHERE erasure_id = ? AND state = 'WAITING'",
                        clock.millis(),
                        id);
            }
            return !held
                    || !transaction
                            .query(
                                    "SELECT 1 FROM erasure WHERE erasure_id = ? AND state = 'ERASING'",
                                    row -> row.getInt(1),
                                    id)
                            .isEmpty();
        });
    }

    /**
     * In a turn of {@link #TURN}: nothing erases the document.
     *
     * @param but id of one that may; empty: none may
     * @throws PalimpsestException {@link ErrorCode#ERASURE_UNDER_WAY}
     * @throws SQLException as the transaction does
     */
    static void requireNone(Sql.Transaction transaction, DocumentKey document, String but) throws SQLException {
        boolean isErased = !transaction
                .query(
                        "SELECT 1 FROM erasure WHERE tenant = ? AND collection = ? AND document_id = ? AND state = 'ERASING'"
                                + " AND erasure_id <> ?",
                        row -> row.getInt(1),
                        document.tenant().value(),
                        document.collection().value(),
                        document.document().value(),
                        but)
                .isEmpty();
        if (isErased) {
            throw new PalimpsestException(ErrorCode.ERASURE_UNDER_WAY, "the document is being erased");
        }
    }

    /** Keeps the certificate; the first one counts. */
    public String certify(String id, String certificate) {
        sql.update("UPDATE erasure SET certificate = ? WHERE erasure_id = ? AND certificate IS NULL", certificate, id);
        return find(id).map(Erasure::certificate).orElseThrow();
    }

    /** The document is named no longer, and what its stores remembered is deleted. */
    public void end(String id, State state) {
        sql.inTransaction(transaction -> {
            transaction.update(
                    "UPDATE erasure SET state = ?, ended_at = ?, document_id = NULL WHERE erasure_id = ?"
                            + " AND state IN ('WAITING', 'ERASING')",
                    state.name(),
                    clock.millis(),
                    id);
            transaction.update("DELETE FROM erasure_note WHERE erasure_id = ?", id);
            return null;
        });
    }

    private static Erasure erasure(ResultSet row) throws SQLException {
        CollectionKey collection = CollectionKey.of(row.getString("tenant"), row.getString("collection"));
        String document = row.getString("document_id");
        return new Erasure(
                row.getString("erasure_id"),
                collection,
                document == null
                        ? null
                        : new DocumentKey(collection.tenant(), collection.collection(), new DocumentId(document)),
                row.getString("commitment"),
                row.getString("reason"),
                row.getString("requested_by"),
                Instant.ofEpochMilli(row.getLong("requested_at")),
                Instant.ofEpochMilli(row.getLong("expires_at")),
                State.valueOf(row.getString("state")),
                instant(row, "began_at"),
                instant(row, "ended_at"),
                row.getString("certificate"));
    }

    private static @Nullable Instant instant(ResultSet row, String column) throws SQLException {
        long millis = row.getLong(column);
        return row.wasNull() ? null : Instant.ofEpochMilli(millis);
    }
}
