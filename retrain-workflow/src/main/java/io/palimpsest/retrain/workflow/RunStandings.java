package io.palimpsest.retrain.workflow;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.palimpsest.contracts.event.Json;
import io.palimpsest.contracts.id.CollectionKey;
import io.palimpsest.platform.database.Sql;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * In which stage each run is that goes on, as the tables tell: from what is recorded as done follows what is done now.
 *
 * <p>Threading: safe. Failure: DATABASE_FAILED.
 */
public final class RunStandings {
    /** Those that the tables tell apart, in order. LABEL: and the snapshot; ROLL_OUT: until the swap. */
    public static final List<Stage> TOLD =
            List.of(Stage.LABEL, Stage.TRAIN, Stage.EVALUATE, Stage.APPROVE, Stage.ROLL_OUT, Stage.WATCH);

    private final Sql sql;

    public RunStandings(Sql sql) {
        this.sql = sql;
    }

    /**
     * A run under way.
     *
     * @param labels judged queries that it wants; 0: it collects none
     */
    public record UnderWay(CollectionKey collection, Stage stage, Instant since, int labels) {}

    /** Since when the longest waiting candidate waits for people, and when the first one lapses. */
    public record Waiting(Instant since, Instant until) {}

    /** Oldest first. */
    public List<UnderWay> underWay() {
        return sql
                .query(
                        "SELECT run_id, tenant, collection, request, started_at FROM run"
                                + " WHERE outcome IS NULL AND kind = 'fine-tune' ORDER BY started_at, run_id",
                        RunStandings::begun)
                .stream()
                .map(this::standing)
                .toList();
    }

    /** Requests of runs that ended otherwise do not count. */
    public Optional<Waiting> waiting(Instant now) {
        return sql
                .query(
                        "SELECT MIN(a.requested_at), MIN(a.expires_at) FROM approval_request a JOIN run r ON r.run_id = a.run"
                                + " WHERE a.outcome = 'WAITING' AND a.expires_at > ? AND r.outcome IS NULL",
                        RunStandings::times,
                        now.toEpochMilli())
                .stream()
                .flatMap(Optional::stream)
                .findFirst();
    }

    private static Optional<Waiting> times(ResultSet row) throws SQLException {
        long since = row.getLong(1);
        return row.wasNull()
                ? Optional.empty()
                : Optional.of(new Waiting(Instant.ofEpochMilli(since), Instant.ofEpochMilli(row.getLong(2))));
    }

    private record Begun(String id, CollectionKey collection, FineTuneRequest request, Instant at) {}

    private static Begun begun(ResultSet row) throws SQLException {
        return new Begun(
                row.getString(1),
                CollectionKey.of(row.getString(2), row.getString(3)),
                Json.read(row.getString(4).getBytes(UTF_8), FineTuneRequest.class),
                Instant.ofEpochMilli(row.getLong(5)));
    }

    private UnderWay standing(Begun run) {
        Map<Stage, Instant> done = new EnumMap<>(Stage.class);
        sql.query(
                        "SELECT stage, done_at FROM run_stage WHERE run_id = ?",
                        row -> Map.entry(Stage.valueOf(row.getString(1)), Instant.ofEpochMilli(row.getLong(2))),
                        run.id())
                .forEach(one -> done.put(one.getKey(), one.getValue()));
        Instant approved = done.containsKey(Stage.EVALUATE) ? approvedAt(run.id()) : null;
        if (done.containsKey(Stage.SWAP)) {
            return at(run, Stage.WATCH, done.get(Stage.SWAP));
        }
        if (approved != null) {
            return at(run, Stage.ROLL_OUT, approved);
        }
        if (done.containsKey(Stage.EVALUATE)) {
            return at(run, Stage.APPROVE, done.get(Stage.EVALUATE));
        }
        if (done.containsKey(Stage.TRAIN)) {
            return at(run, Stage.EVALUATE, done.get(Stage.TRAIN));
        }
        return done.containsKey(Stage.SNAPSHOT)
                ? at(run, Stage.TRAIN, done.get(Stage.SNAPSHOT))
                : at(run, Stage.LABEL, run.at());
    }

    private static UnderWay at(Begun run, Stage stage, @Nullable Instant since) {
        return new UnderWay(
                run.collection(),
                stage,
                since == null ? run.at() : since,
                run.request().labels());
    }

    private @Nullable Instant approvedAt(String run) {
        return sql.query(
                        "SELECT MAX(s.given_at) FROM approval s JOIN approval_request a ON a.run = s.run"
                                + " WHERE a.run = ? AND a.outcome = 'APPROVED'",
                        row -> {
                            long at = row.getLong(1);
                            return row.wasNull() ? Optional.<Instant>empty() : Optional.of(Instant.ofEpochMilli(at));
                        },
                        run)
                .getFirst()
                .orElse(null);
    }
}
