package io.palimpsest.retrain.workflow;

import io.palimpsest.contracts.event.Json;
import io.palimpsest.contracts.id.CollectionKey;
import io.palimpsest.platform.database.Sql;
import java.nio.charset.StandardCharsets;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The runs there were and are, and which of their steps are done.
 *
 * <p>Threading: safe, from several processes too. Ordering and idempotency: a run begins, a step is done and a run ends
 * once; later calls change nothing and see what is there.
 */
public final class Runs {
    private static final String SELECT =
            "SELECT run_id, kind, tenant, collection, cause, started_at, ended_at, outcome,"
                    + " model, reason FROM run";

    private final Sql sql;
    private final InstantSource clock;

    public Runs(Sql sql, InstantSource clock) {
        this.sql = sql;
        this.clock = clock;
    }

    /** @return whether it is new; a run that was begun before keeps what it was begun with */
    boolean begin(FineTuneRequest request) {
        return sql.update(
                        "INSERT INTO run (run_id, kind, tenant, collection, cause, request, started_at)"
                                + " VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (run_id) DO NOTHING",
                        request.runId(),
                        "fine-tune",
                        request.scope().tenant(),
                        request.scope().collection(),
                        request.cause(),
                        Json.writeText(request),
                        clock.millis())
                == 1;
    }

    /** Begins it where it was not, so that people see and decide it. @return false where it has ended: a cause has one run (law 9) */
    boolean isToRun(FineTuneRequest request) {
        return begin(request)
                || find(request.runId()).filter(run -> run.end().isPresent()).isEmpty();
    }

    /** The step's result: the recorded one where it is done already, otherwise that of the work, recorded. */
    <T> T once(String runId, Stage stage, Class<T> type, Supplier<T> work) {
        Optional<T> before = result(runId, stage, type);
        if (before.isPresent()) {
            return before.get();
        }
        T result = work.get();
        sql.update(
                "INSERT INTO run_stage (run_id, stage, result, done_at) VALUES (?, ?, ?, ?)"
                        + " ON CONFLICT (run_id, stage) DO NOTHING",
                runId,
                stage.name(),
                Json.writeText(result),
                clock.millis());
        return result(runId, stage, type).orElse(result);
    }

    <T> Optional<T> result(String runId, Stage stage, Class<T> type) {
        return sql.first(
                "SELECT result FROM run_stage WHERE run_id = ? AND stage = ?",
                row -> Json.read(row.getString(1).getBytes(StandardCharsets.UTF_8), type),
                runId,
                stage.name());
    }

    /** @return whether it had not ended before */
    boolean end(String runId, RunEnd end) {
        return sql.update(
                        "UPDATE run SET ended_at = ?, outcome = ?, model = ?, reason = ? WHERE run_id = ? AND outcome IS NULL",
                        clock.millis(),
                        end.outcome().name(),
                        end.model(),
                        end.reason(),
                        runId)
                == 1;
    }

    /** Whether the step was done, whatever it gave. */
    boolean isDone(String runId, Stage stage) {
        return sql.first(
                        "SELECT done_at FROM run_stage WHERE run_id = ? AND stage = ?",
                        row -> row.getLong(1),
                        runId,
                        stage.name())
                .isPresent();
    }

    /** Promoted ones whose predecessor was not retired yet. */
    List<Run> promotedBefore(Instant moment) {
        return sql.query(
                SELECT + " WHERE outcome = ? AND ended_at < ? AND NOT EXISTS"
                        + " (SELECT 1 FROM run_stage WHERE run_stage.run_id = run.run_id AND stage = ?)",
                this::run,
                Outcome.PROMOTED.name(),
                moment.toEpochMilli(),
                Stage.RETIRE.name());
    }

    /** What unfinished runs were begun with, oldest first. */
    List<FineTuneRequest> unfinished() {
        return sql.query(
                "SELECT request FROM run WHERE outcome IS NULL ORDER BY started_at, run_id",
                row -> Json.read(row.getString(1).getBytes(StandardCharsets.UTF_8), FineTuneRequest.class));
    }

    public Optional<Run> find(String runId) {
        return sql.first(SELECT + " WHERE run_id = ?", this::run, runId);
    }

    /** Newest first. */
    public List<Run> of(CollectionKey collection, int limit) {
        return sql.query(
                SELECT + " WHERE tenant = ? AND collection = ? ORDER BY started_at DESC, run_id LIMIT ?",
                this::run,
                collection.tenant().value(),
                collection.collection().value(),
                limit);
    }

    private Run run(ResultSet row) throws SQLException {
        String id = row.getString("run_id");
        String outcome = row.getString("outcome");
        return new Run(
                id,
                row.getString("kind"),
                CollectionKey.of(row.getString("tenant"), row.getString("collection")),
                row.getString("cause"),
                Instant.ofEpochMilli(row.getLong("started_at")),
                outcome == null ? Optional.empty() : Optional.of(Instant.ofEpochMilli(row.getLong("ended_at"))),
                Optional.ofNullable(end(outcome, row)));
    }

    private static @Nullable RunEnd end(@Nullable String outcome, ResultSet row) throws SQLException {
        return outcome == null
                ? null
                : new RunEnd(Outcome.valueOf(outcome), row.getString("model"), row.getString("reason"));
    }

    /** In the order of doing. */
    public List<Run.Done> done(String runId) {
        return sql.query(
                "SELECT stage, result, done_at FROM run_stage WHERE run_id = ? ORDER BY done_at, stage",
                row -> new Run.Done(
                        Stage.valueOf(row.getString(1)), row.getString(2), Instant.ofEpochMilli(row.getLong(3))),
                runId);
    }
}
