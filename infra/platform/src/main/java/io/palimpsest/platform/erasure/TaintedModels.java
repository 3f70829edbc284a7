package io.palimpsest.platform.erasure;

import io.palimpsest.contracts.error.ErrorCode;
import io.palimpsest.contracts.error.PalimpsestException;
import io.palimpsest.contracts.id.CollectionKey;
import io.palimpsest.contracts.id.ModelId;
import io.palimpsest.platform.database.Sql;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;

/**
 * Models that learned from a document that was erased since, in the table {@code tainted_model}. Threading: safe. Failure:
 * DATABASE_FAILED.
 */
public final class TaintedModels {
    private final Sql sql;
    private final InstantSource clock;

    public TaintedModels(Sql sql, InstantSource clock) {
        this.sql = sql;
        this.clock = clock;
    }

    /** Which model, from which training set, and which erasure did it. */
    public record Taint(String model, String erasure, CollectionKey collection, String snapshot, Instant foundAt) {}

    /** @throws PalimpsestException {@link ErrorCode#MODEL_TAINTED} */
    public void requireNone(ModelId model) {
        List<String> erasures = sql.query(
                "SELECT erasure_id FROM tainted_model WHERE model = ? ORDER BY found_at",
                row -> row.getString(1),
                model.value());
        if (!erasures.isEmpty()) {
            throw new PalimpsestException(
                    ErrorCode.MODEL_TAINTED,
                    "model " + model + " learned from " + erasures.size()
                            + " document(s) that were erased since, the first by" + " erasure " + erasures.getFirst());
        }
    }

    public List<Taint> of(CollectionKey collection) {
        return sql.query(
                "SELECT model, erasure_id, snapshot, found_at FROM tainted_model WHERE tenant = ? AND collection = ?"
                        + " ORDER BY found_at DESC, model",
                row -> new Taint(
                        row.getString(1),
                        row.getString(2),
                        collection,
                        row.getString(3),
                        Instant.ofEpochMilli(row.getLong(4))),
                collection.tenant().value(),
                collection.collection().value());
    }

    /** Of one erasure. */
    public List<Taint> by(String erasureId) {
        return sql.query(
                "SELECT model, tenant, collection, snapshot, found_at FROM tainted_model WHERE erasure_id = ? ORDER BY model",
                row -> new Taint(
                        row.getString(1),
                        erasureId,
                        CollectionKey.of(row.getString(2), row.getString(3)),
                        row.getString(4),
                        Instant.ofEpochMilli(row.getLong(5))),
                erasureId);
    }

    public void add(String model, String erasureId, CollectionKey collection, String snapshot) {
        sql.update(
                "INSERT INTO tainted_model (model, erasure_id, tenant, collection, snapshot, found_at)"
                        + " VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (model, erasure_id) DO NOTHING",
                model,
                erasureId,
                collection.tenant().value(),
                collection.collection().value(),
                snapshot,
                clock.millis());
    }
}
