package io.palimpsest.ingest.work;

import io.palimpsest.contracts.event.DocumentAccepted;
import io.palimpsest.contracts.event.Json;
import io.palimpsest.ingest.database.Columns;
import io.palimpsest.platform.database.Sql;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * Work that is to be tried again later, and how often work was begun that never ended. Kept in the database: the
 * broker's own delivery count is bounded and restarts with it.
 */
final class RetryBook {
    private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);
    private static final Duration LONGEST_PAUSE = Duration.ofMinutes(5);

    /** So long a process may take to send what it has claimed. Arbitrary. */
    private static final Duration SENT_WITHIN = Duration.ofSeconds(30);

    private final Sql sql;
    private final InstantSource clock;

    RetryBook(Sql sql, InstantSource clock) {
        this.sql = sql;
        this.clock = clock;
    }

    /**
     * Work whose time has come.
     *
     * @param claimedUntil nobody else sends it before
     */
    record Due(Lane lane, DocumentAccepted work, @Nullable String traceparent, Instant claimedUntil) {}

    /**
     * What is known of a piece of work before it begins.
     *
     * @param attempts how often it failed or was interrupted before; empty where it is not in this book
     * @param deletedSince only a delete makes earlier content pointless for certain: a later content may yet fail
     */
    record Standing(OptionalInt attempts, boolean deletedSince) {}

    Standing standing(DocumentAccepted work) {
        return sql.first(
                        "SELECT (SELECT attempts FROM extraction_retry WHERE document_key = ? AND version = ?),"
                                + " (SELECT COUNT(*) FROM document_change"
                                + " WHERE document_key = ? AND version > ? AND effect = 'DELETE')",
                        row -> {
                            int attempts = row.getInt(1);
                            return new Standing(
                                    row.wasNull() ? OptionalInt.empty() : OptionalInt.of(attempts), row.getLong(2) > 0);
                        },
                        Columns.of(work.key(), work.version(), work.key(), work.version()))
                .orElseThrow();
    }

    /** How often this work failed or was interrupted before; 0 for the first time. */
    int attempts(DocumentAccepted work) {
        return standing(work).attempts().orElse(0);
    }

    /** Counts an attempt whose end may never be seen, or takes that back. */
    void count(Lane lane, DocumentAccepted work, int attempts, @Nullable String traceparent) {
        save(lane, work, attempts, null, traceparent);
    }

    /**
     * Schedules the next attempt: after 1 s, then twice as long each time.
     *
     * @param attempts so far, this one included
     */
    void later(Lane lane, DocumentAccepted work, int attempts, @Nullable String traceparent) {
        Duration pause = FIRST_PAUSE.multipliedBy(1L << Math.clamp(attempts - 1, 0, 20));
        Duration bounded = pause.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : pause;
        save(lane, work, attempts, clock.instant().plus(bounded), traceparent);
    }

    void ended(DocumentAccepted work) {
        sql.update(
                "DELETE FROM extraction_retry WHERE document_key = ? AND version = ?",
                Columns.of(work.key(), work.version()));
    }

    /** What is returned is this process's to send: another one is given it only when that has not happened for a while. */
    List<Due> due() {
        Instant now = clock.instant();
        Instant until = now.plus(SENT_WITHIN);
        return sql
                .query(
                        "SELECT lane, work, traceparent, next_at FROM extraction_retry WHERE next_at <= ?"
                                + " ORDER BY next_at LIMIT 100",
                        row -> Map.entry(
                                new Due(
                                        Lane.valueOf(row.getString("lane")),
                                        Json.read(
                                                row.getString("work").getBytes(StandardCharsets.UTF_8),
                                                DocumentAccepted.class),
                                        row.getString("traceparent"),
                                        until),
                                row.getLong("next_at")),
                        Columns.of(now))
                .stream()
                .filter(found -> claim(found.getKey(), found.getValue()))
                .map(Map.Entry::getKey)
                .toList();
    }

    private boolean claim(Due due, long nextAt) {
        return sql.update(
                        "UPDATE extraction_retry SET next_at = ? WHERE document_key = ? AND version = ? AND next_at = ?",
                        Columns.of(
                                due.claimedUntil(), due.work().key(), due.work().version(), nextAt))
                == 1;
    }

    /** It is on its topic again; the count stays, and so does the next attempt of work that has failed again since. */
    void sent(Due due) {
        sql.update(
                "UPDATE extraction_retry SET next_at = NULL WHERE document_key = ? AND version = ? AND next_at = ?",
                Columns.of(due.work().key(), due.work().version(), due.claimedUntil()));
    }

    private void save(
            Lane lane, DocumentAccepted work, int attempts, @Nullable Instant nextAt, @Nullable String traceparent) {
        sql.update(
                "INSERT INTO extraction_retry (document_key, version, attempts, next_at, lane, work, traceparent)"
                        + " VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (document_key, version) DO UPDATE SET"
                        + " attempts = excluded.attempts, next_at = excluded.next_at,"
                        + " lane = excluded.lane, work = excluded.work, traceparent = excluded.traceparent",
                Columns.of(work.key(), work.version(), attempts, nextAt, lane, Json.writeText(work), traceparent));
    }
}
