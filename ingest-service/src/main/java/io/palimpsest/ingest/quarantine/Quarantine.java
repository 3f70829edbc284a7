package io.palimpsest.ingest.quarantine;

import io.palimpsest.contracts.error.ErrorCode;
import io.palimpsest.contracts.error.PalimpsestException;
import io.palimpsest.contracts.event.DocumentAccepted;
import io.palimpsest.contracts.event.DocumentExtracted;
import io.palimpsest.contracts.event.Json;
import io.palimpsest.contracts.event.LedgerEntry;
import io.palimpsest.contracts.id.CollectionKey;
import io.palimpsest.contracts.id.ContentHash;
import io.palimpsest.contracts.id.DocumentKey;
import io.palimpsest.contracts.id.ExtractorFingerprint;
import io.palimpsest.contracts.id.TenantId;
import io.palimpsest.ingest.database.Columns;
import io.palimpsest.platform.database.Sql;
import io.palimpsest.platform.ledger.LedgerEntries;
import io.palimpsest.platform.ledger.LedgerSink;
import io.palimpsest.platform.security.Caller;
import java.nio.charset.StandardCharsets;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Keeps what failed, so that it is seen, not parsed over and over, and can be tried again.
 *
 * <p>Threading: safe. Ordering and idempotency: recording the same version again is the same entry; a retry that is
 * interrupted leaves the entry, to be retried again. Failure: DATABASE_FAILED, BROKER_UNAVAILABLE.
 */
public final class Quarantine {
    private static final String ACTOR = "service:ingest";
    /** Entries of one answer. */
    public static final int MAX_LISTED = 1000;

    private final Sql sql;
    private final WorkSender work;
    private final LedgerEntries entries;
    private final OperatorActs acts;
    private final Clock clock;

    /** Puts extraction work back on its topic. */
    @FunctionalInterface
    public interface WorkSender {
        /** Returns when the broker has it. */
        void send(String topic, DocumentAccepted work, @Nullable String traceparent);
    }

    public Quarantine(Sql sql, WorkSender work, LedgerEntries entries, LedgerSink ledger, Clock clock) {
        this.sql = sql;
        this.work = work;
        this.entries = entries;
        this.acts = new OperatorActs(entries, ledger, clock);
        this.clock = clock;
    }

    /** What tells the ledger of this and other acts of operators. */
    public OperatorActs acts() {
        return acts;
    }

    /** The code that these bytes failed with under this extractor; empty when they are not known. */
    public Optional<ErrorCode> knownPoison(TenantId tenant, ContentHash raw, ExtractorFingerprint extractor) {
        return sql.first(
                "SELECT error_code FROM poison WHERE tenant = ? AND raw_hash = ? AND fingerprint = ?",
                row -> ErrorCode.valueOf(row.getString(1)),
                Columns.of(tenant, raw, extractor));
    }

    /**
     * Records a failed extraction.
     *
     * @param lane topic that the work came from
     * @param failed with outcome FAILED
     * @param traceparent of the work; null where it has none
     */
    public void record(DocumentAccepted accepted, String lane, DocumentExtracted failed, @Nullable String traceparent) {
        ErrorCode code = failed.errorCode() == null ? ErrorCode.INTERNAL : failed.errorCode();
        String message = failed.message() == null ? code.hint() : failed.message();
        sql.inTransaction(transaction -> {
            if (failed.raw() != null && isPoison(code)) {
                transaction.update(
                        "INSERT INTO poison (tenant, raw_hash, fingerprint, error_code, at) VALUES (?, ?, ?, ?, ?)"
                                + " ON CONFLICT DO NOTHING",
                        Columns.of(accepted.key().tenant(), failed.raw(), failed.extractor(), code, clock.instant()));
            }
            return transaction.update(
                    "INSERT INTO quarantine_entry (entry_id, document_key, tenant, collection, document_id, version,"
                            + " change_id, raw_hash, fingerprint, error_code, message, deliveries, lane, work, at, traceparent)"
                            + " SELECT " + Columns.placeholders(16) + " WHERE NOT EXISTS (SELECT 1 FROM document"
                            + " WHERE document_key = ? AND indexed_version > ?) ON CONFLICT (entry_id) DO UPDATE SET"
                            + " error_code = excluded.error_code, message = excluded.message,"
                            + " deliveries = excluded.deliveries, at = excluded.at,"
                            + " traceparent = excluded.traceparent",
                    Columns.of(
                            entryId(accepted.key(), accepted.version()),
                            accepted.key(),
                            accepted.key().tenant(),
                            accepted.key().collection(),
                            accepted.key().document(),
                            accepted.version(),
                            accepted.changeId(),
                            failed.raw(),
                            failed.extractor(),
                            code.id(),
                            message,
                            failed.deliveries(),
                            lane,
                            Json.writeText(accepted),
                            clock.instant(),
                            traceparent,
                            accepted.key(),
                            accepted.version()));
        });
    }

    /** The ledger's entry of a quarantined content: goes out with the failure itself. */
    public LedgerEntry ledgerEntry(DocumentAccepted accepted, DocumentExtracted failed) {
        return entries.ofDocument(
                LedgerEntry.Type.CONTENT_QUARANTINED,
                failed.finishedAt(),
                ACTOR,
                accepted.key(),
                accepted.changeId() + "\n" + accepted.version(),
                Map.of(
                        "version",
                        Long.toString(accepted.version()),
                        "errorCode",
                        failed.errorCode() == null ? "" : failed.errorCode().id()));
    }

    /** The newest {@link #MAX_LISTED}, newest first, of the collections that the caller may use. */
    public List<QuarantineEntry> list(Caller caller, @Nullable CollectionKey only) {
        Selected selected = Selected.of(caller, only);
        return sql.query(
                "SELECT * FROM quarantine_entry" + selected.where() + " ORDER BY at DESC, entry_id LIMIT " + MAX_LISTED,
                Quarantine::entry,
                selected.values());
    }

    /** How many entries there are of the collections that the caller may use. */
    public long count(Caller caller, @Nullable CollectionKey only) {
        Selected selected = Selected.of(caller, only);
        return sql.first(
                        "SELECT COUNT(*) FROM quarantine_entry" + selected.where(),
                        row -> row.getLong(1),
                        selected.values())
                .orElse(0L);
    }

    public long size() {
        return sql.first("SELECT COUNT(*) FROM quarantine_entry", row -> row.getLong(1))
                .orElse(0L);
    }

    /** The content was extracted after all. */
    public void close(DocumentKey key, long version) {
        @Nullable Object[] entries = Columns.of(key, version);
        // Asked first: there is mostly none, and even a delete of nothing waits for the database's other writers.
        String those = " FROM quarantine_entry WHERE document_key = ? AND version <= ?";
        if (sql.first("SELECT 1" + those + " LIMIT 1", row -> row.getInt(1), entries)
                .isPresent()) {
            sql.update("DELETE" + those, entries);
        }
    }

    /**
     * Tries an entry again: forgets that its bytes are poison and puts its work back on the topic.
     *
     * @throws PalimpsestException NOT_FOUND where the caller has no such entry
     */
    public void retry(Caller caller, String entryId) {
        Retried retried = sql.first(
                        "SELECT * FROM quarantine_entry WHERE tenant = ? AND entry_id = ?",
                        row -> new Retried(
                                Json.read(
                                        row.getString("work").getBytes(StandardCharsets.UTF_8), DocumentAccepted.class),
                                row.getString("lane"),
                                row.getString("raw_hash"),
                                row.getString("fingerprint"),
                                row.getString("traceparent"),
                                row.getLong("at")),
                        Columns.of(caller.tenant(), entryId))
                .filter(found -> caller.mayUse(found.work().key().collection()))
                .orElseThrow(() -> new PalimpsestException(
                        ErrorCode.NOT_FOUND, "there is no quarantine entry of this id for this key"));
        sql.update(
                "DELETE FROM poison WHERE tenant = ? AND raw_hash = ? AND fingerprint = ?",
                Columns.of(caller.tenant(), retried.rawHash(), retried.fingerprint()));
        // The entry goes last: a retry that is interrupted here is still there to be asked for again.
        work.send(retried.lane(), retried.work(), retried.traceparent());
        sql.update("DELETE FROM quarantine_entry WHERE entry_id = ? AND at = ?", Columns.of(entryId, retried.at()));
        acts.retried(caller, retried.work(), retried.at());
    }

    /**
     * Tries all entries again that are there now; one that fails anew meanwhile is not tried twice.
     *
     * @return how many were put back
     */
    public int retryAll(Caller caller, @Nullable CollectionKey only) {
        Selected selected = Selected.of(caller, only);
        String page = "SELECT entry_id FROM quarantine_entry" + selected.where() + " AND at <= ? AND entry_id > ?"
                + " ORDER BY entry_id LIMIT " + MAX_LISTED;
        Instant begun = clock.instant();
        int retried = 0;
        String last = "";
        while (true) {
            List<String> ids = sql.query(page, row -> row.getString(1), selected.and(begun, last));
            for (String id : ids) {
                retried += retryIfThere(caller, id);
            }
            if (ids.size() < MAX_LISTED) {
                return retried;
            }
            last = ids.getLast();
        }
    }

    /** Its content may have been extracted, or another may have asked, since it was listed. */
    private int retryIfThere(Caller caller, String entryId) {
        try {
            retry(caller, entryId);
            return 1;
        } catch (PalimpsestException e) {
            if (e.code() == ErrorCode.NOT_FOUND) {
                return 0;
            }
            throw e;
        }
    }

    /** 32 hex digits, the same for the same version of a document. */
    public static String entryId(DocumentKey key, long version) {
        return ContentHash.ofText(key + "\n" + version).value().substring(0, 32);
    }

    /** Failures that the same bytes would have again; a repetition of one says nothing new. */
    private static boolean isPoison(ErrorCode code) {
        return code.name().startsWith("EXTRACT_")
                && code != ErrorCode.EXTRACT_QUARANTINED_BEFORE
                && code != ErrorCode.EXTRACT_DELIVERIES_EXHAUSTED;
    }

    private record Retried(
            DocumentAccepted work,
            String lane,
            @Nullable String rawHash,
            String fingerprint,
            @Nullable String traceparent,
            long at) {}

    /** A condition on entries, and what it is given. */
    private record Selected(String where, List<Object> given) {
        static Selected of(Caller caller, @Nullable CollectionKey only) {
            List<Object> given = new ArrayList<>(List.of(caller.tenant()));
            String where = " WHERE tenant = ?";
            if (only != null) {
                where += " AND collection = ?";
                given.add(only.collection());
            }
            if (!caller.everyCollection()) {
                where += " AND collection IN ("
                        + Columns.placeholders(caller.collections().size()) + ")";
                given.addAll(caller.collections());
            }
            return new Selected(where, given);
        }

        @Nullable
        Object[] values() {
            return and();
        }

        @Nullable
        Object[] and(Object... more) {
            List<Object> all = new ArrayList<>(given);
            all.addAll(List.of(more));
            return Columns.of(all.toArray());
        }
    }

    private static QuarantineEntry entry(ResultSet row) throws SQLException {
        return new QuarantineEntry(
                row.getString("entry_id"),
                row.getString("collection"),
                row.getString("document_id"),
                row.getLong("version"),
                row.getString("change_id"),
                row.getString("raw_hash"),
                row.getString("fingerprint"),
                row.getString("error_code"),
                row.getString("message"),
                ErrorCode.ofId(row.getString("error_code")).map(ErrorCode::hint).orElse(null),
                row.getInt("deliveries"),
                row.getString("lane"),
                Instant.ofEpochMilli(row.getLong("at")));
    }
}
