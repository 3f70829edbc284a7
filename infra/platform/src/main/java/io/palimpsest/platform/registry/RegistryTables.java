package io.palimpsest.platform.registry;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import io.palimpsest.contracts.event.Json;
import io.palimpsest.contracts.id.CollectionKey;
import io.palimpsest.platform.database.Sql;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Reads the services' tables of runs and generations. Threading: safe. Failure: DATABASE_FAILED.
 */
public final class RegistryTables {
    private static final String RUN =
            "SELECT run_id, kind, tenant, collection, cause, request, started_at, ended_at, outcome,"
                    + " model, reason FROM run";
    private static final String GENERATION = "SELECT id, tenant, collection, model, passages, passages_model, policy,"
            + " dimensions, origin, state, written, made_at, error, gates, documents_done, passages_done, embedded, build_millis"
            + " FROM generation";

    private final Sql sql;

    public RegistryTables(Sql sql) {
        this.sql = sql;
    }

    public Optional<RunRecord> run(String id) {
        List<RunRecord.Step> steps = steps(id);
        return sql.first(RUN + " WHERE run_id = ?", row -> run(row, steps), id);
    }

    private List<RunRecord.Step> steps(String run) {
        return sql.query(
                "SELECT stage, result, done_at FROM run_stage WHERE run_id = ? ORDER BY done_at, stage",
                row -> new RunRecord.Step(row.getString(1), json(row.getString(2)), instant(row.getLong(3))),
                run);
    }

    public Optional<GenerationRecord> generation(String id) {
        List<GenerationRecord.Period> periods = periods(id);
        return sql.first(GENERATION + " WHERE id = ?", row -> generation(row, periods), id);
    }

    /** Oldest first. */
    public List<GenerationRecord.Period> periods(String generation) {
        return sql.query(
                "SELECT number, live_from, live_until, act, actor FROM generation_history WHERE generation = ? ORDER BY number",
                row -> new GenerationRecord.Period(
                        row.getLong(1), instant(row.getLong(2)), later(row, 3), row.getString(4), row.getString(5)),
                generation);
    }

    /** Of the entry in the log, by its whole id; empty where it is not sequenced yet. */
    public Optional<Long> ledgerIndex(String entryId) {
        return sql.first(
                "SELECT leaf_index FROM ledger_entry WHERE id_prefix = ? AND id_rest = ? ORDER BY leaf_index",
                row -> row.getLong(1),
                Long.parseUnsignedLong(entryId.substring(0, 16), 16),
                entryId.substring(16));
    }

    private static RunRecord run(ResultSet row, List<RunRecord.Step> steps) throws SQLException {
        return new RunRecord(
                row.getString("run_id"),
                row.getString("kind"),
                CollectionKey.of(row.getString("tenant"), row.getString("collection")),
                row.getString("cause"),
                json(row.getString("request")),
                instant(row.getLong("started_at")),
                later(row, 8),
                row.getString("outcome"),
                row.getString("model"),
                row.getString("reason"),
                steps);
    }

    private static GenerationRecord generation(ResultSet row, List<GenerationRecord.Period> periods)
            throws SQLException {
        return new GenerationRecord(
                row.getString("id"),
                CollectionKey.of(row.getString("tenant"), row.getString("collection")),
                row.getString("model"),
                row.getString("passages"),
                row.getString("passages_model"),
                row.getString("policy"),
                row.getInt("dimensions"),
                row.getString("origin"),
                row.getString("state"),
                row.getInt("written") == 1,
                instant(row.getLong("made_at")),
                row.getString("error"),
                row.getString("gates"),
                row.getLong("documents_done"),
                row.getLong("passages_done"),
                row.getLong("embedded"),
                row.getLong("build_millis"),
                periods);
    }

    private static JsonNode json(String text) {
        return Json.read(text.getBytes(UTF_8), JsonNode.class);
    }

    private static Instant instant(long millis) {
        return Instant.ofEpochMilli(millis);
    }

    private static @Nullable Instant later(ResultSet row, int column) throws SQLException {
        long millis = row.getLong(column);
        return row.wasNull() ? null : instant(millis);
    }
}
