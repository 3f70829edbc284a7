package io.palimpsest.retrain.drift;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.type.TypeReference;
import io.palimpsest.contracts.event.DriftMeasured;
import io.palimpsest.contracts.event.Json;
import io.palimpsest.contracts.id.CollectionKey;
import io.palimpsest.platform.database.Sql;
import io.palimpsest.retrain.drift.policy.DriftAlarm;
import io.palimpsest.retrain.drift.policy.PolicyState;
import io.palimpsest.retrain.drift.triage.Proposal;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Measurements, alarms and what the policy remembers, in the tables of V23.
 *
 * <p>Threading: safe. Failure: DATABASE_FAILED.
 */
public final class DriftStore {
    /** Measurements that are kept for display and triage; the topic has them longer. */
    private static final Duration KEPT = Duration.ofDays(30);

    /** Windows that an alarm looks back on, as it usually is: what crossed long before is another story. */
    private static final int LAST_WINDOWS = 3;

    private static final String ALARMS =
            "SELECT a.*, p.proposals FROM drift_alarm a LEFT JOIN drift_proposal p ON p.alarm_id = a.alarm_id";

    private final Sql sql;

    public DriftStore(Sql sql) {
        this.sql = sql;
    }

    /**
     * An alarm as it stands.
     *
     * @param proposals against it, the first is what to do; empty before they were made
     * @param endedAt null while it holds
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record AlarmRow(
            DriftAlarm alarm,
            List<Proposal> proposals,
            @Nullable Instant endedAt) {}

    /** Newest first. */
    public List<DriftMeasured> latest(CollectionKey collection, int limit) {
        return sql.query(
                "SELECT * FROM drift_measurement WHERE tenant = ? AND collection = ? AND self_test = 0"
                        + " ORDER BY to_at DESC, window_id LIMIT ?",
                DriftStore::measured,
                collection.tenant().value(),
                collection.collection().value(),
                limit);
    }

    /** The latest of each signal, newest first. */
    public List<DriftMeasured> selfTests(CollectionKey collection, int limit) {
        return sql.query(
                "SELECT * FROM drift_measurement WHERE tenant = ? AND collection = ? AND self_test = 1"
                        + " ORDER BY to_at DESC, window_id LIMIT ?",
                DriftStore::measured,
                collection.tenant().value(),
                collection.collection().value(),
                limit);
    }

    /** Newest first. */
    public List<AlarmRow> alarms(CollectionKey collection, int limit) {
        return sql.query(
                ALARMS + " WHERE a.tenant = ? AND a.collection = ? ORDER BY a.raised_at DESC LIMIT ?",
                DriftStore::alarm,
                collection.tenant().value(),
                collection.collection().value(),
                limit);
    }

    /** Alarms of drift that hold, of every collection, oldest first: what is to be acted on. */
    public List<DriftAlarm> open() {
        return sql.query(
                ALARMS + " WHERE a.ended_at IS NULL ORDER BY a.raised_at, a.alarm_id",
                row -> alarm(row).alarm());
    }

    /** The newest window of each signal that could be compared, of every collection, not older than that. */
    public List<DriftMeasured> newest(Instant since) {
        return sql.query(
                "SELECT m.* FROM drift_measurement m JOIN (SELECT tenant, collection, signal, MAX(to_at) AS newest"
                        + " FROM drift_measurement WHERE self_test = 0 AND figure IS NOT NULL AND threshold IS NOT NULL"
                        + " AND to_at > ? GROUP BY tenant, collection, signal) n ON m.tenant = n.tenant"
                        + " AND m.collection = n.collection AND m.signal = n.signal AND m.to_at = n.newest"
                        + " WHERE m.self_test = 0 AND m.figure IS NOT NULL AND m.threshold IS NOT NULL",
                DriftStore::measured,
                since.toEpochMilli());
    }

    /** Collections of which drift would not be noticed. */
    public long unwatched() {
        return sql
                .query(
                        "SELECT state FROM drift_policy",
                        row -> Json.read(
                                row.getString(1).getBytes(java.nio.charset.StandardCharsets.UTF_8), PolicyState.class))
                .stream()
                .filter(state -> state.silent() || !state.deadSignals().isEmpty())
                .count();
    }

    /**
     * When what an alarm says began: the start of the earliest of the last windows of its signals that crossed before it was raised;
     * a day before it where they are kept no more.
     */
    public Instant since(DriftAlarm alarm) {
        return alarm.evidence().stream()
                .map(DriftAlarm.Evidence::signal)
                .distinct()
                .flatMap(signal -> sql
                        .query(
                                "SELECT from_at FROM drift_measurement WHERE tenant = ? AND collection = ? AND signal = ?"
                                        + " AND self_test = 0 AND crossed = 1 AND from_at <= ? ORDER BY to_at DESC LIMIT "
                                        + LAST_WINDOWS,
                                row -> Instant.ofEpochMilli(row.getLong(1)),
                                alarm.collection().tenant().value(),
                                alarm.collection().collection().value(),
                                signal,
                                alarm.raisedAt().toEpochMilli())
                        .stream())
                .min(Instant::compareTo)
                .orElse(alarm.raisedAt().minus(Duration.ofDays(1)));
    }

    /**
     * Of an alarm that holds, the newest proposals count: labels and documents may have come since.
     *
     * @return whether they are others than before
     */
    public boolean propose(DriftAlarm alarm, List<Proposal> proposals, Instant now) {
        return sql.update(
                        "INSERT INTO drift_proposal (alarm_id, tenant, collection, remedy, proposals, made_at)"
                                + " VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (alarm_id) DO UPDATE SET remedy = excluded.remedy,"
                                + " proposals = excluded.proposals, made_at = excluded.made_at"
                                + " WHERE drift_proposal.proposals <> excluded.proposals",
                        alarm.id(),
                        alarm.collection().tenant().value(),
                        alarm.collection().collection().value(),
                        proposals.getFirst().remedy().name(),
                        Json.writeText(proposals),
                        now.toEpochMilli())
                > 0;
    }

    /** Collections of which anything was measured. */
    List<CollectionKey> collections() {
        return sql.query(
                "SELECT tenant, collection FROM drift_policy",
                row -> CollectionKey.of(row.getString(1), row.getString(2)));
    }

    void prune(Instant now) {
        sql.update(
                "DELETE FROM drift_measurement WHERE to_at < ?", now.minus(KEPT).toEpochMilli());
    }

    static PolicyState state(Sql.Transaction transaction, CollectionKey collection) throws SQLException {
        return transaction
                .query(
                        "SELECT state FROM drift_policy WHERE tenant = ? AND collection = ?",
                        row -> Json.read(
                                row.getString(1).getBytes(java.nio.charset.StandardCharsets.UTF_8), PolicyState.class),
                        collection.tenant().value(),
                        collection.collection().value())
                .stream()
                .findFirst()
                .orElseGet(() -> PolicyState.none(collection));
    }

    static void save(Sql.Transaction transaction, DriftMeasured m) throws SQLException {
        // A window id comes again with other figures only where Kafka was made anew: then the later one holds.
        transaction.update(
                "INSERT INTO drift_measurement (window_id, tenant, collection, signal, from_at, to_at, samples, figure,"
                        + " threshold, crossed, self_test) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
                        + " ON CONFLICT (window_id) DO UPDATE SET from_at = excluded.from_at, to_at = excluded.to_at,"
                        + " samples = excluded.samples, figure = excluded.figure, threshold = excluded.threshold,"
                        + " crossed = excluded.crossed WHERE drift_measurement.to_at < excluded.to_at",
                m.windowId(),
                m.collection().tenant().value(),
                m.collection().collection().value(),
                m.signal(),
                m.from().toEpochMilli(),
                m.to().toEpochMilli(),
                m.samples(),
                m.value(),
                m.threshold(),
                m.crossed() ? 1 : 0,
                m.selfTest() ? 1 : 0);
    }

    /** The state, the alarms that came, and the end of the one that held before. */
    static void save(
            Sql.Transaction transaction, PolicyState before, PolicyState after, List<DriftAlarm> raised, Instant now)
            throws SQLException {
        CollectionKey collection = after.collection();
        transaction.update(
                "INSERT INTO drift_policy (tenant, collection, state) VALUES (?, ?, ?)"
                        + " ON CONFLICT (tenant, collection) DO UPDATE SET state = excluded.state",
                collection.tenant().value(),
                collection.collection().value(),
                Json.writeText(after));
        for (DriftAlarm alarm : raised) {
            boolean holds = alarm.kind() == DriftAlarm.Kind.DRIFT;
            transaction.update(
                    "INSERT INTO drift_alarm (alarm_id, tenant, collection, kind, raised_at, ended_at, evidence)"
                            + " VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (alarm_id) DO NOTHING",
                    alarm.id(),
                    collection.tenant().value(),
                    collection.collection().value(),
                    alarm.kind().name(),
                    alarm.raisedAt().toEpochMilli(),
                    holds ? null : alarm.raisedAt().toEpochMilli(),
                    Json.writeText(alarm.evidence()));
        }
        DriftAlarm held = before.open();
        DriftAlarm holds = after.open();
        if (held != null && (holds == null || !holds.id().equals(held.id()))) {
            transaction.update(
                    "UPDATE drift_alarm SET ended_at = ? WHERE alarm_id = ? AND ended_at IS NULL",
                    now.toEpochMilli(),
                    held.id());
        }
        if (holds != null && held != null && !holds.evidence().equals(held.evidence())) {
            transaction.update(
                    "UPDATE drift_alarm SET evidence = ? WHERE alarm_id = ?",
                    Json.writeText(holds.evidence()),
                    holds.id());
        }
    }

    private static DriftMeasured measured(ResultSet row) throws SQLException {
        return new DriftMeasured(
                row.getString("window_id"),
                CollectionKey.of(row.getString("tenant"), row.getString("collection")),
                row.getString("signal"),
                Instant.ofEpochMilli(row.getLong("from_at")),
                Instant.ofEpochMilli(row.getLong("to_at")),
                row.getLong("samples"),
                number(row, "figure"),
                number(row, "threshold"),
                row.getInt("crossed") == 1,
                row.getInt("self_test") == 1);
    }

    private static @Nullable Double number(ResultSet row, String column) throws SQLException {
        double value = row.getDouble(column);
        return row.wasNull() ? null : Double.valueOf(value);
    }

    private static AlarmRow alarm(ResultSet row) throws SQLException {
        long ended = row.getLong("ended_at");
        boolean holds = row.wasNull();
        try {
            DriftAlarm alarm = new DriftAlarm(
                    row.getString("alarm_id"),
                    CollectionKey.of(row.getString("tenant"), row.getString("collection")),
                    DriftAlarm.Kind.valueOf(row.getString("kind")),
                    Json.mapper()
                            .readValue(row.getString("evidence"), new TypeReference<List<DriftAlarm.Evidence>>() {}),
                    Instant.ofEpochMilli(row.getLong("raised_at")));
            String proposals = row.getString("proposals");
            return new AlarmRow(
                    alarm,
                    proposals == null
                            ? List.of()
                            : Json.mapper().readValue(proposals, new TypeReference<List<Proposal>>() {}),
                    holds ? null : Instant.ofEpochMilli(ended));
        } catch (IOException e) {
            throw new UncheckedIOException("what is kept of an alarm is not JSON", e);
        }
    }
}
