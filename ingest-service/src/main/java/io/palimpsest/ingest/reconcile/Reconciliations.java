package io.palimpsest.ingest.reconcile;

import io.palimpsest.contracts.error.ErrorCode;
import io.palimpsest.contracts.event.Json;
import io.palimpsest.contracts.id.CollectionKey;
import io.palimpsest.ingest.database.Columns;
import io.palimpsest.platform.database.Sql;
import java.nio.charset.StandardCharsets;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The comparisons that were asked for, in the database: whichever process may, does them, and any can tell of them.
 *
 * <p>Threading: safe, from several processes too. Idempotency: one id begins and ends once. Failure: DATABASE_FAILED.
 */
public final class Reconciliations {
    private static final String SELECT = "SELECT reconciliation_id, tenant, collection, source, dry_run, allow_deletes,"
            + " asked_by, asked_at, state, report, error_code, ended_at FROM reconciliation";

    private final Sql sql;
    private final InstantSource clock;

    public Reconciliations(Sql sql, InstantSource clock) {
        this.sql = sql;
        this.clock = clock;
    }

    /** What is wanted of a source. */
    public record Wish(String id, CollectionKey collection, String source, boolean dryRun, boolean allowDeletes) {}

    /** The one with this id, begun now where there was none. */
    public Reconciliation ask(Wish wish, String actor) {
        sql.update(
                "INSERT INTO reconciliation (reconciliation_id, tenant, collection, source, dry_run, allow_deletes,"
                        + " asked_by, asked_at, state, report, cancelled) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 0)"
                        + " ON CONFLICT (reconciliation_id) DO NOTHING",
                Columns.of(
                        wish.id(),
                        wish.collection().tenant(),
                        wish.collection().collection(),
                        wish.source(),
                        wish.dryRun(),
                        wish.allowDeletes(),
                        actor,
                        clock.instant(),
                        Reconciliation.State.WAITING,
                        Json.writeText(Reconciliation.Report.EMPTY)));
        return find(wish.id()).orElseThrow();
    }

    public Optional<Reconciliation> find(String id) {
        return sql.first(SELECT + " WHERE reconciliation_id = ?", Reconciliations::read, id);
    }

    /** Ends it at its next step, or before its first. */
    public void cancel(String id) {
        sql.update("UPDATE reconciliation SET cancelled = 1 WHERE reconciliation_id = ? AND ended_at IS NULL", id);
    }

    boolean isCancelled(String id) {
        return sql.first(
                        "SELECT cancelled FROM reconciliation WHERE reconciliation_id = ?",
                        row -> row.getInt(1) == 1,
                        id)
                .orElse(true);
    }

    /** Oldest first. */
    List<Reconciliation> unfinished() {
        return sql.query(
                SELECT + " WHERE ended_at IS NULL ORDER BY asked_at, reconciliation_id", Reconciliations::read);
    }

    void progress(String id, Reconciliation.State state, Reconciliation.Report report) {
        sql.update(
                "UPDATE reconciliation SET state = ?, report = ?, error_code = NULL"
                        + " WHERE reconciliation_id = ? AND ended_at IS NULL",
                state.name(),
                Json.writeText(report),
                id);
    }

    /** It goes on later. */
    void waits(String id, ErrorCode why) {
        sql.update(
                "UPDATE reconciliation SET error_code = ? WHERE reconciliation_id = ? AND ended_at IS NULL",
                why.id(),
                id);
    }

    void end(String id, Reconciliation.State state, Reconciliation.Report report, @Nullable ErrorCode why) {
        sql.update(
                "UPDATE reconciliation SET state = ?, report = ?, error_code = ?, ended_at = ?"
                        + " WHERE reconciliation_id = ? AND ended_at IS NULL",
                Columns.of(state, Json.writeText(report), why == null ? null : why.id(), clock.instant(), id));
    }

    private static Reconciliation read(ResultSet row) throws SQLException {
        Instant ended = Columns.instant(row, "ended_at");
        return new Reconciliation(
                row.getString("reconciliation_id"),
                CollectionKey.of(row.getString("tenant"), row.getString("collection")),
                row.getString("source"),
                row.getInt("dry_run") == 1,
                row.getInt("allow_deletes") == 1,
                row.getString("asked_by"),
                Instant.ofEpochMilli(row.getLong("asked_at")),
                Reconciliation.State.valueOf(row.getString("state")),
                Json.read(row.getString("report").getBytes(StandardCharsets.UTF_8), Reconciliation.Report.class),
                row.getString("error_code"),
                ended);
    }
}
