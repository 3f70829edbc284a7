package io.palimpsest.platform.erasure;

import io.palimpsest.contracts.error.ErrorCode;
import io.palimpsest.contracts.error.PalimpsestException;
import io.palimpsest.contracts.id.DocumentKey;
import io.palimpsest.platform.database.Sql;
import io.palimpsest.platform.security.HmacSha256;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * Documents that no source may bring back, in the table {@code suppression}. It names none: a mark is HMAC-SHA-256 of the document's
 * key as text, in UTF-8, under a secret of the deployment.
 *
 * <p>Threading: safe, from several processes too; what one has suppressed, all others see with their next look. Failure:
 * DATABASE_FAILED.
 */
public final class Suppressions {
    /** Arbitrary, well below what a statement may have (SQLite 32,766, PostgreSQL 65,535). */
    private static final int ASKED_AT_ONCE = 1_000;

    private final Sql sql;
    private final HmacSha256 hmac;
    private final InstantSource clock;

    /** @param secret the same in all processes */
    public Suppressions(Sql sql, byte[] secret, InstantSource clock) {
        this.sql = sql;
        this.hmac = new HmacSha256(secret);
        this.clock = clock;
    }

    /** From here on; one that was lifted holds again. */
    public void add(DocumentKey document, String erasureId) {
        sql.update(
                "INSERT INTO suppression (mark, tenant, collection, erasure_id, since) VALUES (?, ?, ?, ?, ?)"
                        + " ON CONFLICT (mark) DO UPDATE SET erasure_id = excluded.erasure_id, since = excluded.since,"
                        + " lifted_at = NULL, lifted_by = NULL, lifted_for = NULL WHERE suppression.lifted_at IS NOT NULL",
                mark(document),
                document.tenant().value(),
                document.collection().value(),
                erasureId,
                clock.millis());
    }

    public boolean holds(DocumentKey document) {
        return sql.first(
                        "SELECT 1 FROM suppression WHERE mark = ? AND lifted_at IS NULL",
                        row -> row.getInt(1),
                        mark(document))
                .isPresent();
    }

    /** Those of them that may not come back. */
    public Set<DocumentKey> among(Set<DocumentKey> documents) {
        return erasures(documents, (query, marks) -> sql.query(query, Suppressions::held, marks))
                .keySet();
    }

    /**
     * Which erasures suppressed them, for those that are; on the caller's connection, as one that holds a lock must not wait for
     * another connection.
     */
    public Map<DocumentKey, String> erasures(Sql.Transaction transaction, Set<DocumentKey> documents)
            throws SQLException {
        return erasures(documents, (query, marks) -> transaction.query(query, Suppressions::held, marks));
    }

    /** Asks for the erasures of some marks. */
    private interface Asking<E extends Exception> {
        List<Held> ask(String query, Object... marks) throws E;
    }

    private record Held(String mark, String erasureId) {}

    private static Held held(ResultSet row) throws SQLException {
        return new Held(row.getString(1), row.getString(2));
    }

    private <E extends Exception> Map<DocumentKey, String> erasures(Set<DocumentKey> documents, Asking<E> asking)
            throws E {
        Map<String, DocumentKey> marked = new HashMap<>();
        documents.forEach(document -> marked.put(mark(document), document));
        List<String> marks = List.copyOf(marked.keySet());
        Map<DocumentKey, String> erasures = new HashMap<>();
        for (int from = 0; from < marks.size(); from += ASKED_AT_ONCE) {
            List<String> some = marks.subList(from, Math.min(from + ASKED_AT_ONCE, marks.size()));
            asking.ask(
                            "SELECT mark, erasure_id FROM suppression WHERE lifted_at IS NULL AND mark IN ("
                                    + String.join(", ", Collections.nCopies(some.size(), "?")) + ")",
                            some.toArray())
                    .forEach(held -> erasures.put(Objects.requireNonNull(marked.get(held.mark())), held.erasureId()));
        }
        return erasures;
    }

    /** Which erasure suppressed it; empty where it is not suppressed. */
    public Optional<String> erasure(DocumentKey document) {
        return sql.first(
                "SELECT erasure_id FROM suppression WHERE mark = ? AND lifted_at IS NULL",
                row -> row.getString(1),
                mark(document));
    }

    /** @throws PalimpsestException {@link ErrorCode#DOCUMENT_SUPPRESSED}, which does not name it */
    public void requireNone(DocumentKey document) {
        if (holds(document)) {
            throw new PalimpsestException(ErrorCode.DOCUMENT_SUPPRESSED, "the document was erased");
        }
    }

    /**
     * @return whether there was one
     * @throws PalimpsestException {@link ErrorCode#ERASURE_UNDER_WAY}
     */
    public boolean lift(DocumentKey document, String reason, String by) {
        return sql.inTurn(Erasures.TURN, transaction -> {
            Erasures.requireNone(transaction, document, "");
            return transaction.update(
                            "UPDATE suppression SET lifted_at = ?, lifted_by = ?, lifted_for = ? WHERE mark = ?"
                                    + " AND lifted_at IS NULL",
                            clock.millis(),
                            by,
                            reason,
                            mark(document))
                    == 1;
        });
    }

    /** How long it has held; zero where it does not. */
    public Duration holdsFor(DocumentKey document) {
        return sql.first(
                        "SELECT since FROM suppression WHERE mark = ? AND lifted_at IS NULL",
                        row -> Duration.ofMillis(clock.millis() - row.getLong(1)),
                        mark(document))
                .orElse(Duration.ZERO);
    }

    /** All that hold. */
    public Set<String> marks() {
        return Set.copyOf(sql.query("SELECT mark FROM suppression WHERE lifted_at IS NULL", row -> row.getString(1)));
    }

    /** Hex of 32 bytes. */
    public String mark(DocumentKey document) {
        return hmac.hex(document.toString());
    }
}
