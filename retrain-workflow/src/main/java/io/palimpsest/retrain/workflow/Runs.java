package io.palimpsest.retrain.workflow;

import io.palimpsest.contracts.error.ErrorCode;
import io.palimpsest.contracts.error.PalimpsestException;
import io.palimpsest.contracts.event.Json;
import io.palimpsest.contracts.id.CollectionKey;
import io.palimpsest.contracts.id.ContentHash;
import io.palimpsest.platform.database.Sql;
import java.nio.charset.StandardCharsets;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
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
    private final RunObserver observer;
    private final Set<Step> underWay = ConcurrentHashMap.newKeySet();

    private record Step(String runId, Stage stage) {}

    public Runs(Sql sql, InstantSource clock) {
        this(sql, clock, RunObserver.NONE);
    }

    /** @param observer hears of steps and ends */
    public Runs(Sql sql, InstantSource clock, RunObserver observer) {
        this.sql = sql;
        this.clock = clock;
        this.observer = observer;
    }

    /** @return whether it is new; a run that was begun before keeps what it was begun with */
    boolean begin(RunRequest request) {
        return sql.update(
                        "INSERT INTO run (run_id, kind, tenant, collection, cause, request, started_at)"
                                + " VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (run_id) DO NOTHING",
                        request.runId(),
                        RunRequest.kind(request),
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
        T result = worked(stage, work);
        sql.update(
                "INSERT INTO run_stage (run_id, stage, result, done_at) VALUES (?, ?, ?, ?)"
                        + " ON CONFLICT (run_id, stage) DO NOTHING",
                runId,
                stage.name(),
                Json.writeText(result),
                clock.millis());
        return result(runId, stage, type).orElse(result);
    }

    /** This process works on a step until it is closed. */
    interface Turn extends AutoCloseable {
        @Override
        void close();
    }

    /** Null while this process works on the step already. */
    @Nullable
    Turn turn(String runId, Stage stage) {
        Step step = new Step(runId, stage);
        return underWay.add(step) ? () -> underWay.remove(step) : null;
    }

    private <T> T worked(Stage stage, Supplier<T> work) {
        long began = System.nanoTime();
        boolean done = false;
        try {
            T result = work.get();
            done = true;
            return result;
        } finally {
            observer.stepped(stage, done, Duration.ofNanos(System.nanoTime() - began));
        }
    }

    <T> Optional<T> result(String runId, Stage stage, Class<T> type) {
        return sql.first(
                "SELECT result FROM run_stage WHERE run_id = ? AND stage = ?",
                row -> Json.read(row.getString(1).getBytes(StandardCharsets.UTF_8), type),
                runId,
                stage.name());
    }

    Optional<Instant> doneAt(String runId, Stage stage) {
        return sql.first(
                "SELECT done_at FROM run_stage WHERE run_id = ? AND stage = ?",
                row -> Instant.ofEpochMilli(row.getLong(1)),
                runId,
                stage.name());
    }

    /** @return whether it had not ended before */
    boolean end(String runId, RunEnd end) {
        boolean first = sql.update(
                        "UPDATE run SET ended_at = ?, outcome = ?, model = ?, reason = ? WHERE run_id = ? AND outcome IS NULL",
                        clock.millis(),
                        end.outcome().name(),
                        end.model(),
                        end.reason(),
                        runId)
                == 1;
        if (first) {
            observer.ended(end.outcome());
        }
        return first;
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

    /** @throws PalimpsestException {@code RUN_CANCELLED} where somebody has it ended: its server may not have been told of it yet */
    void requireWanted(String runId) {
        if (isDone(runId, Stage.CANCEL)) {
            throw new PalimpsestException(ErrorCode.RUN_CANCELLED, "run " + runId + " was cancelled before it began");
        }
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
    List<RunRequest> unfinished() {
        return sql.query(
                "SELECT kind, request FROM run WHERE outcome IS NULL ORDER BY started_at, run_id",
                row -> RunRequest.read(row.getString(1), row.getString(2)));
    }

    /** Whether it is over, or was never begun. */
    public boolean isOver(String runId) {
        return sql.first("SELECT 1 FROM run WHERE run_id = ? AND outcome IS NULL", row -> row.getInt(1), runId)
                .isEmpty();
    }

    /** The training set of the run; empty before it is made. */
    public Optional<ContentHash> trainedOn(String runId) {
        return result(runId, Stage.SNAPSHOT, TrainingActivities.SnapshotMade.class)
                .map(TrainingActivities.SnapshotMade::hash)
                .map(ContentHash::new);
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

    /** Numbers for people: the newest ones replace those before. */
    void tell(String runId, RunProgress now) {
        sql.update(
                "INSERT INTO run_progress (run_id, stage, doing, done, total, remaining_seconds, loss, told_at)"
                        + " VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (run_id) DO UPDATE SET stage = excluded.stage,"
                        + " doing = excluded.doing, done = excluded.done, total = excluded.total,"
                        + " remaining_seconds = excluded.remaining_seconds, loss = excluded.loss,"
                        + " told_at = excluded.told_at",
                runId,
                now.stage().name(),
                now.doing(),
                now.done(),
                now.total(),
                now.remainingSeconds(),
                now.loss(),
                now.at().toEpochMilli());
    }

    /** Of the step that is being done; empty where none has told anything, or it is done. */
    public Optional<RunProgress> progress(String runId) {
        return sql.first(
                "SELECT stage, doing, done, total, remaining_seconds, loss, told_at FROM run_progress WHERE run_id = ?"
                        + " AND NOT (stage = 'BUILD' AND done = total) AND NOT EXISTS (SELECT 1 FROM run_stage WHERE run_stage.run_id = run_progress.run_id"
                        + " AND run_stage.stage = run_progress.stage)",
                Runs::progress,
                runId);
    }

    private static RunProgress progress(ResultSet row) throws SQLException {
        long seconds = row.getLong(5);
        Long remaining = row.wasNull() ? null : seconds;
        double last = row.getDouble(6);
        Double loss = row.wasNull() ? null : last;
        return new RunProgress(
                Stage.valueOf(row.getString(1)),
                row.getString(2),
                row.getLong(3),
                row.getLong(4),
                remaining,
                loss,
                Instant.ofEpochMilli(row.getLong(7)));
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
