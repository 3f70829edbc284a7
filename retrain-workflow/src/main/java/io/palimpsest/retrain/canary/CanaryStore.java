package io.palimpsest.retrain.canary;

import io.palimpsest.contracts.id.CollectionKey;
import io.palimpsest.contracts.id.GenerationId;
import io.palimpsest.contracts.id.ModelId;
import io.palimpsest.platform.database.Sql;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The tables of V27. Threading: safe. Failure: {@code DATABASE_FAILED}. */
public final class CanaryStore {
    private static final Duration KEPT = Duration.ofDays(90);

    private final Sql sql;

    public CanaryStore(Sql sql) {
        this.sql = sql;
    }

    private record Row(String question, List<String> found) {}

    /**
     * What a generation found, by question.
     *
     * @param since what was taken before counts no more
     */
    Map<String, List<String>> baseline(CollectionKey collection, GenerationId generation, Instant since) {
        Map<String, List<String>> baseline = new HashMap<>();
        sql.query(
                        "SELECT query_key, found FROM canary_baseline WHERE tenant = ? AND collection = ?"
                                + " AND generation = ? AND taken_at >= ?",
                        row -> new Row(row.getString(1), found(row.getString(2))),
                        collection.tenant().value(),
                        collection.collection().value(),
                        generation.value(),
                        since.toEpochMilli())
                .forEach(row -> baseline.put(row.question(), row.found()));
        return baseline;
    }

    private static List<String> found(String digests) {
        return digests.isEmpty() ? List.of() : List.of(digests.split(",", -1));
    }

    /** In the place of older ones; one that another process took meanwhile may be replaced: it is as good. */
    void keep(CollectionKey collection, GenerationId generation, Map<String, Answered> answers, Instant now) {
        List<Object[]> rows = new ArrayList<>();
        answers.forEach((question, answered) -> rows.add(new Object[] {
            collection.tenant().value(),
            collection.collection().value(),
            generation.value(),
            question,
            String.join(",", answered.found()),
            now.toEpochMilli()
        }));
        if (rows.isEmpty()) {
            return;
        }
        sql.inTransaction(transaction -> {
            transaction.updateAll(
                    "INSERT INTO canary_baseline (tenant, collection, generation, query_key, found, taken_at)"
                            + " VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (tenant, collection, generation, query_key)"
                            + " DO UPDATE SET found = excluded.found, taken_at = excluded.taken_at",
                    rows);
            return null;
        });
    }

    /** @return whether this window had none */
    boolean add(CanaryMeasurement measured, long window) {
        return sql.update(
                        "INSERT INTO canary_measurement (tenant, collection, window_number, generation, model, measured_at,"
                                + " questions, ndcg_before, ndcg, recall_before, recall, overlap, chance)"
                                + " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
                                + " ON CONFLICT (tenant, collection, window_number) DO NOTHING",
                        measured.collection().tenant().value(),
                        measured.collection().collection().value(),
                        window,
                        measured.generation().value(),
                        measured.model().value(),
                        measured.at().toEpochMilli(),
                        measured.questions(),
                        measured.ndcgBefore(),
                        measured.ndcg(),
                        measured.recallBefore(),
                        measured.recall(),
                        measured.overlap(),
                        measured.chance())
                == 1;
    }

    boolean has(CollectionKey collection, long window) {
        return sql.first(
                        "SELECT 1 FROM canary_measurement WHERE tenant = ? AND collection = ? AND window_number = ?",
                        row -> row.getInt(1),
                        collection.tenant().value(),
                        collection.collection().value(),
                        window)
                .isPresent();
    }

    /** A figure of which the lowest is told. */
    enum Figure {
        NDCG("ndcg"),
        RECALL("recall"),
        OVERLAP("overlap");

        private final String column;

        Figure(String column) {
            this.column = column;
        }
    }

    /** Of the newest measurement of each collection since then; NaN where there is none. */
    double lowest(Figure figure, Instant since) {
        return sql.first(
                        "SELECT MIN(m." + figure.column + ") FROM canary_measurement m WHERE m.measured_at >= ?"
                                + " AND m.window_number = (SELECT MAX(n.window_number) FROM canary_measurement n"
                                + " WHERE n.tenant = m.tenant AND n.collection = m.collection)",
                        row -> {
                            double lowest = row.getDouble(1);
                            return row.wasNull() ? Double.NaN : lowest;
                        },
                        since.toEpochMilli())
                .orElse(Double.NaN);
    }

    public Optional<CanaryMeasurement> newest(CollectionKey collection) {
        return sql.first(
                "SELECT * FROM canary_measurement WHERE tenant = ? AND collection = ?"
                        + " ORDER BY window_number DESC LIMIT 1",
                row -> new CanaryMeasurement(
                        collection,
                        new GenerationId(row.getString("generation")),
                        new ModelId(row.getString("model")),
                        Instant.ofEpochMilli(row.getLong("measured_at")),
                        row.getInt("questions"),
                        row.getDouble("ndcg_before"),
                        row.getDouble("ndcg"),
                        row.getDouble("recall_before"),
                        row.getDouble("recall"),
                        row.getDouble("overlap"),
                        row.getDouble("chance")),
                collection.tenant().value(),
                collection.collection().value());
    }

    /** Measurements of long ago, and baselines of generations that are gone as long. */
    void prune(Instant now) {
        long border = now.minus(KEPT).toEpochMilli();
        sql.update("DELETE FROM canary_measurement WHERE measured_at < ?", border);
        sql.update(
                "DELETE FROM canary_baseline WHERE taken_at < ? AND NOT EXISTS (SELECT 1 FROM canary_measurement m"
                        + " WHERE m.tenant = canary_baseline.tenant AND m.collection = canary_baseline.collection"
                        + " AND m.generation = canary_baseline.generation)",
                border);
    }
}
