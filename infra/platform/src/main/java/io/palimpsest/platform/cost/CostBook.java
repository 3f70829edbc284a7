package io.palimpsest.platform.cost;

import io.palimpsest.contracts.id.CollectionKey;
import io.palimpsest.platform.database.Sql;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The table of costs.
 *
 * <p>Threading: safe, from several processes too. Ordering and idempotency: a row is written with all that its piece of work has
 * come to, so writing it again changes nothing; pieces have ids of their own. Failure: {@code DATABASE_FAILED}.
 */
public final class CostBook {
    private final Sql sql;
    private final InstantSource clock;

    public CostBook(Sql sql, InstantSource clock) {
        this.sql = sql;
        this.clock = clock;
    }

    /**
     * Writes down what a piece of work has come to so far.
     *
     * @param id of the piece of work, the same at each writing
     */
    public void write(String id, Work work, Instant began, Spent all) {
        write(List.of(new Entry(id, work, began, all)));
    }

    /** One row. */
    record Entry(String id, Work work, Instant began, Spent all) {}

    void write(List<Entry> entries) {
        List<@Nullable Object[]> rows = new ArrayList<>();
        for (Entry entry : entries) {
            Work work = entry.work();
            Spent all = entry.all();
            rows.add(new @Nullable Object[] {
                entry.id(),
                work.collection().tenant().value(),
                work.collection().collection().value(),
                work.kind().name(),
                work.subject(),
                work.runId(),
                entry.began().toEpochMilli(),
                clock.millis(),
                all.wallMillis(),
                all.cpuMillis(),
                all.documents(),
                all.passages(),
                all.embedded(),
                all.steps(),
                all.tokens()
            });
        }
        sql.inTransaction(transaction -> {
            transaction.updateAll(
                    "INSERT INTO cost (cost_id, tenant, collection, kind, subject, run_id, began_at, changed_at, wall_millis,"
                            + " cpu_millis, documents, passages, embedded, steps, tokens)"
                            + " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (cost_id) DO UPDATE SET"
                            + " changed_at = excluded.changed_at, wall_millis = excluded.wall_millis,"
                            + " cpu_millis = excluded.cpu_millis, documents = excluded.documents,"
                            + " passages = excluded.passages, embedded = excluded.embedded, steps = excluded.steps,"
                            + " tokens = excluded.tokens",
                    rows);
            return null;
        });
    }

    /**
     * What one kind of work on one subject has come to.
     *
     * @param runs different ones
     * @param since the first piece began
     */
    public record Sum(WorkKind kind, String subject, long runs, Instant since, Spent all) {}

    /** Different runs that anything was spent on. */
    public long runs(CollectionKey collection) {
        return sql.first(
                        "SELECT COUNT(DISTINCT run_id) FROM cost WHERE tenant = ? AND collection = ?",
                        row -> row.getLong(1),
                        collection.tenant().value(),
                        collection.collection().value())
                .orElse(0L);
    }

    /** By kind and subject. */
    public List<Sum> of(CollectionKey collection) {
        return sql.query(
                "SELECT kind, subject, COUNT(DISTINCT run_id) AS runs, MIN(began_at) AS since, SUM(wall_millis) AS wall,"
                        + " COALESCE(SUM(CASE WHEN cpu_millis >= 0 THEN cpu_millis END), -1) AS cpu,"
                        + " SUM(documents) AS documents, SUM(passages) AS passages, SUM(embedded) AS embedded,"
                        + " SUM(steps) AS steps, SUM(tokens) AS tokens FROM cost WHERE tenant = ? AND collection = ?"
                        + " GROUP BY kind, subject ORDER BY kind, subject",
                row -> new Sum(
                        WorkKind.valueOf(row.getString("kind")),
                        row.getString("subject"),
                        row.getLong("runs"),
                        Instant.ofEpochMilli(row.getLong("since")),
                        new Spent(
                                row.getLong("wall"),
                                row.getLong("cpu"),
                                row.getLong("documents"),
                                row.getLong("passages"),
                                row.getLong("embedded"),
                                row.getLong("steps"),
                                row.getLong("tokens"))),
                collection.tenant().value(),
                collection.collection().value());
    }
}
