package io.palimpsest.index.generation;

import io.palimpsest.contracts.error.ErrorCode;
import io.palimpsest.contracts.error.PalimpsestException;
import io.palimpsest.contracts.id.CollectionId;
import io.palimpsest.contracts.id.CollectionKey;
import io.palimpsest.contracts.id.GenerationId;
import io.palimpsest.contracts.id.ModelId;
import io.palimpsest.contracts.id.PassagePolicyId;
import io.palimpsest.contracts.id.TenantId;
import io.palimpsest.index.passages.Generation;
import io.palimpsest.platform.database.Sql;
import io.palimpsest.platform.erasure.TaintedModels;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The tables of generations: what there is, what is live, what was. Threading: safe. Failure: {@code DATABASE_FAILED}. */
public final class GenerationTable {
    private static final String SELECT =
            "SELECT id, tenant, collection, model, passages, passages_model, policy, dimensions,"
                    + " origin, state, written, made_at, history_from, error, incarnation, checkpoint, documents, documents_done,"
                    + " passages_all, passages_done, embedded, build_millis, gates, shadow_share FROM generation";
    private static final String LIVE = "SELECT tenant, collection, generation, previous, number FROM live_generation";
    private static final String OF_COLLECTION = " WHERE tenant = ? AND collection = ?";
    /** Written in a transaction that is in turn: the table that all such transactions lock. */
    private static final String TURN = "turn";

    private final Sql sql;

    public GenerationTable(Sql sql) {
        this.sql = sql;
    }

    /** @throws io.palimpsest.contracts.error.PalimpsestException MODEL_TAINTED where it learned from a document that was erased since */
    void requireUntainted(ModelId model) {
        new TaintedModels(sql, InstantSource.system()).requireNone(model);
    }

    /** One after the other, over all processes. */
    <T extends @Nullable Object> T inTurn(Sql.Work<T> work) {
        return sql.inTurn(TURN, work);
    }

    /** Oldest first; without those that are being dropped. */
    public List<GenerationRow> of(CollectionKey collection) {
        return sql.query(
                SELECT + OF_COLLECTION + " AND state <> 'DROPPING' ORDER BY made_at, id",
                GenerationTable::row,
                collection.tenant().value(),
                collection.collection().value());
    }

    public Optional<GenerationRow> find(GenerationId id) {
        return sql.first(SELECT + " WHERE id = ?", GenerationTable::row, id.value());
    }

    /** Those of every collection, in any state. */
    public List<GenerationRow> all() {
        return sql.query(SELECT + " ORDER BY made_at, id", GenerationTable::row);
    }

    /** Of every collection, oldest first. */
    public List<GenerationRow> in(GenerationState state) {
        return sql.query(SELECT + " WHERE state = ? ORDER BY made_at, id", GenerationTable::row, state.name());
    }

    Optional<LiveRow> live(CollectionKey collection) {
        return sql.first(
                LIVE + OF_COLLECTION,
                GenerationTable::live,
                collection.tenant().value(),
                collection.collection().value());
    }

    List<LiveRow> live() {
        return sql.query(LIVE, GenerationTable::live);
    }

    /** Oldest first. */
    public List<LivePeriod> history(CollectionKey collection) {
        return sql.query(
                "SELECT number, generation, model, live_from, live_until, act, actor, reason FROM generation_history"
                        + OF_COLLECTION + " ORDER BY number",
                GenerationTable::period,
                collection.tenant().value(),
                collection.collection().value());
    }

    /**
     * Which was live at a moment.
     *
     * @param periods oldest first
     * @throws PalimpsestException MANIFEST_MISSING where none was
     */
    public static GenerationId liveAt(List<LivePeriod> periods, Instant moment) {
        return periods.stream()
                .filter(period -> !period.from().isAfter(moment))
                .reduce((earlier, later) -> later)
                .map(LivePeriod::generation)
                .orElseThrow(
                        () -> new PalimpsestException(ErrorCode.MANIFEST_MISSING, "nothing was live at " + moment));
    }

    static Optional<GenerationRow> find(Sql.Transaction in, GenerationId id) throws SQLException {
        return in.query(SELECT + " WHERE id = ?", GenerationTable::row, id.value()).stream()
                .findFirst();
    }

    static List<GenerationRow> of(Sql.Transaction in, CollectionKey collection) throws SQLException {
        return in.query(
                SELECT + OF_COLLECTION + " AND state <> 'DROPPING' ORDER BY made_at, id",
                GenerationTable::row,
                collection.tenant().value(),
                collection.collection().value());
    }

    static Optional<LiveRow> live(Sql.Transaction in, CollectionKey collection) throws SQLException {
        return in
                .query(
                        LIVE + OF_COLLECTION,
                        GenerationTable::live,
                        collection.tenant().value(),
                        collection.collection().value())
                .stream()
                .findFirst();
    }

    static void insert(Sql.Transaction in, GenerationRow row) throws SQLException {
        Generation passages = row.passages();
        Instant historyFrom = row.historyFrom();
        in.update(
                "INSERT INTO generation (id, tenant, collection, model, passages, passages_model, policy, dimensions, origin,"
                        + " state, written, made_at, history_from) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
                        + " ON CONFLICT (id) DO NOTHING",
                row.id().value(),
                row.collection().tenant().value(),
                row.collection().collection().value(),
                row.model().value(),
                passages.id().value(),
                passages.model().value(),
                passages.policy().value(),
                passages.dimensions(),
                row.origin().name(),
                row.state().name(),
                row.written() ? 1 : 0,
                row.madeAt().toEpochMilli(),
                historyFrom == null ? null : historyFrom.toEpochMilli());
    }

    static void set(Sql.Transaction in, GenerationId id, GenerationState state, boolean written) throws SQLException {
        in.update(
                "UPDATE generation SET state = ?, written = ? WHERE id = ?", state.name(), written ? 1 : 0, id.value());
    }

    /** What it showed at the gates is of no use any more: there is kept since when it is being dropped. */
    static void dropping(Sql.Transaction in, GenerationId id, Instant since) throws SQLException {
        in.update(
                "UPDATE generation SET state = 'DROPPING', written = 0, gates = ? WHERE id = ?",
                since.toString(),
                id.value());
    }

    static void setLive(
            Sql.Transaction in, CollectionKey collection, @Nullable GenerationId previous, LivePeriod period)
            throws SQLException {
        String tenant = collection.tenant().value();
        String name = collection.collection().value();
        in.update(
                "INSERT INTO live_generation (tenant, collection, generation, previous, number) VALUES (?, ?, ?, ?, ?)"
                        + " ON CONFLICT (tenant, collection) DO UPDATE SET generation = excluded.generation,"
                        + " previous = excluded.previous, number = excluded.number",
                tenant,
                name,
                period.generation().value(),
                previous == null ? null : previous.value(),
                period.number());
        in.update(
                "UPDATE generation_history SET live_until = ?" + OF_COLLECTION + " AND live_until IS NULL",
                period.from().toEpochMilli(),
                tenant,
                name);
        in.update(
                "INSERT INTO generation_history (tenant, collection, number, generation, model, live_from, act, actor, reason)"
                        + " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
                tenant,
                name,
                period.number(),
                period.generation().value(),
                period.model().value(),
                period.from().toEpochMilli(),
                period.act().name(),
                period.actor(),
                period.reason());
    }

    /** How many collections read a model's vectors of queries. */
    static long liveWith(Sql.Transaction in, ModelId model) throws SQLException {
        return in.query(
                        "SELECT COUNT(*) FROM generation WHERE state = 'LIVE' AND model = ?",
                        row -> row.getLong(1),
                        model.value())
                .getFirst();
    }

    /** False where there is no such build any more: it was dropped, or ended. */
    public boolean progress(GenerationId id, BuildProgress progress) {
        sql.update(
                "UPDATE generation SET incarnation = ?, checkpoint = ?, documents = ?, documents_done = ?, passages_all = ?,"
                        + " passages_done = ?, embedded = ?, build_millis = ? WHERE id = ? AND state = 'BUILDING'",
                progress.incarnation(),
                progress.checkpoint(),
                progress.documents(),
                progress.documentsDone(),
                progress.passages(),
                progress.passagesDone(),
                progress.embedded(),
                progress.millis(),
                id.value());
        return find(id).filter(row -> row.state() == GenerationState.BUILDING).isPresent();
    }

    /** @param historyFrom everything that was current then is in it */
    public void built(GenerationId id, Instant historyFrom) {
        sql.update(
                "UPDATE generation SET state = 'READY', history_from = ?, error = NULL WHERE id = ? AND state = 'BUILDING'",
                historyFrom.toEpochMilli(),
                id.value());
    }

    /** All that read these passages, but for what is live, whatever happens to it. */
    public void failed(GenerationId passages, String error) {
        sql.update(
                "UPDATE generation SET state = 'FAILED', written = 0, error = ? WHERE passages = ? AND state IN"
                        + " ('BUILDING', 'READY', 'RETIRED')",
                error,
                passages.value());
    }

    void gates(GenerationId id, String json) {
        sql.update("UPDATE generation SET gates = ? WHERE id = ?", json, id.value());
    }

    void shadow(GenerationId id, double share) {
        sql.update("UPDATE generation SET shadow_share = ? WHERE id = ?", share, id.value());
    }

    void remove(GenerationId id) {
        sql.update("DELETE FROM shadow_reads WHERE generation = ?", id.value());
        sql.update("DELETE FROM generation WHERE id = ? AND state = 'DROPPING'", id.value());
    }

    private static CollectionKey collection(ResultSet row) throws SQLException {
        return new CollectionKey(new TenantId(row.getString("tenant")), new CollectionId(row.getString("collection")));
    }

    private static LiveRow live(ResultSet row) throws SQLException {
        String previous = row.getString("previous");
        return new LiveRow(
                collection(row),
                new GenerationId(row.getString("generation")),
                previous == null ? null : new GenerationId(previous),
                row.getLong("number"));
    }

    private static LivePeriod period(ResultSet row) throws SQLException {
        return new LivePeriod(
                row.getLong("number"),
                new GenerationId(row.getString("generation")),
                new ModelId(row.getString("model")),
                Instant.ofEpochMilli(row.getLong("live_from")),
                instant(row, "live_until"),
                LivePeriod.Act.valueOf(row.getString("act")),
                row.getString("actor"),
                row.getString("reason"));
    }

    private static GenerationRow row(ResultSet row) throws SQLException {
        Generation passages = new Generation(
                new GenerationId(row.getString("passages")),
                collection(row),
                new ModelId(row.getString("passages_model")),
                new PassagePolicyId(row.getString("policy")),
                row.getInt("dimensions"));
        return new GenerationRow(
                new GenerationId(row.getString("id")),
                new ModelId(row.getString("model")),
                passages,
                GenerationRow.Origin.valueOf(row.getString("origin")),
                GenerationState.valueOf(row.getString("state")),
                row.getInt("written") == 1,
                Instant.ofEpochMilli(row.getLong("made_at")),
                instant(row, "history_from"),
                row.getString("error"),
                new BuildProgress(
                        row.getString("incarnation"),
                        row.getString("checkpoint"),
                        row.getLong("documents"),
                        row.getLong("documents_done"),
                        row.getLong("passages_all"),
                        row.getLong("passages_done"),
                        row.getLong("embedded"),
                        row.getLong("build_millis")),
                row.getString("gates"),
                row.getDouble("shadow_share"));
    }

    private static @Nullable Instant instant(ResultSet row, String column) throws SQLException {
        long millis = row.getLong(column);
        return row.wasNull() ? null : Instant.ofEpochMilli(millis);
    }
}
