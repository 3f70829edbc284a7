package io.palimpsest.retrain.drift;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.palimpsest.contracts.event.Json;
import io.palimpsest.contracts.id.CollectionKey;
import io.palimpsest.contracts.id.ModelId;
import io.palimpsest.platform.database.Sql;
import io.palimpsest.retrain.drift.measure.Reference;
import io.palimpsest.retrain.drift.stream.References;
import java.nio.charset.StandardCharsets;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The references in force, and those that were asked for. The one in force is asked for by its id, and read (some megabytes) only
 * when that has changed.
 *
 * <p>Threading: safe. Failure: DATABASE_FAILED.
 */
public final class ReferenceStore implements References {
    private final Sql sql;
    private final Map<CollectionKey, Reference> read = new ConcurrentHashMap<>();

    public ReferenceStore(Sql sql) {
        this.sql = sql;
    }

    /** All but the sample. {@code takenBy} is {@code palimpsest} for those taken by themselves. */
    public record Summary(
            String referenceId,
            ModelId model,
            Instant from,
            Instant to,
            long samples,
            Instant takenAt,
            String takenBy) {}

    /**
     * That somebody wants a new one.
     *
     * @param from null: as far back as queries are kept
     * @param to null: until now
     * @param errorCode null while it was not tried
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Request(
            CollectionKey collection,
            String requestedBy,
            Instant requestedAt,
            @Nullable Instant from,
            @Nullable Instant to,
            @Nullable String errorCode,
            @Nullable String message) {}

    @Override
    public Optional<Reference> of(CollectionKey collection) {
        Optional<String> id = sql.first(
                "SELECT reference_id FROM drift_reference WHERE tenant = ? AND collection = ?",
                row -> row.getString(1),
                tenant(collection),
                name(collection));
        if (id.isEmpty()) {
            read.remove(collection);
            return Optional.empty();
        }
        Reference known = read.get(collection);
        if (known == null || !known.id().equals(id.get())) {
            Optional<Reference> loaded = load(collection);
            loaded.ifPresent(reference -> read.put(collection, reference));
            return loaded;
        }
        return Optional.of(known);
    }

    private Optional<Reference> load(CollectionKey collection) {
        return sql.first(
                "SELECT reference FROM drift_reference WHERE tenant = ? AND collection = ?",
                row -> Json.read(row.getString(1).getBytes(StandardCharsets.UTF_8), Reference.class),
                tenant(collection),
                name(collection));
    }

    public Optional<Summary> summary(CollectionKey collection) {
        return sql.first(
                "SELECT reference_id, model, from_at, to_at, samples, taken_at, taken_by FROM drift_reference"
                        + " WHERE tenant = ? AND collection = ?",
                row -> new Summary(
                        row.getString(1),
                        new ModelId(row.getString(2)),
                        Instant.ofEpochMilli(row.getLong(3)),
                        Instant.ofEpochMilli(row.getLong(4)),
                        row.getLong(5),
                        Instant.ofEpochMilli(row.getLong(6)),
                        row.getString(7)),
                tenant(collection),
                name(collection));
    }

    /** In the place of the one before; the request for it, if any, is done. */
    void put(Reference reference, String takenBy, Instant now) {
        CollectionKey collection = reference.collection();
        sql.inTransaction(transaction -> {
            transaction.update(
                    "INSERT INTO drift_reference (tenant, collection, reference_id, model, from_at, to_at, samples,"
                            + " taken_at, taken_by, reference) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
                            + " ON CONFLICT (tenant, collection) DO UPDATE SET reference_id = excluded.reference_id,"
                            + " model = excluded.model, from_at = excluded.from_at, to_at = excluded.to_at,"
                            + " samples = excluded.samples, taken_at = excluded.taken_at,"
                            + " taken_by = excluded.taken_by, reference = excluded.reference",
                    tenant(collection),
                    name(collection),
                    reference.id(),
                    reference.model().value(),
                    reference.from().toEpochMilli(),
                    reference.to().toEpochMilli(),
                    reference.tally().samples(),
                    now.toEpochMilli(),
                    takenBy,
                    Json.writeText(reference));
            transaction.update(
                    "DELETE FROM drift_reference_request WHERE tenant = ? AND collection = ?",
                    tenant(collection),
                    name(collection));
            return null;
        });
    }

    void request(Request request) {
        sql.update(
                "INSERT INTO drift_reference_request (tenant, collection, requested_by, requested_at, from_at, to_at)"
                        + " VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (tenant, collection) DO UPDATE SET"
                        + " requested_by = excluded.requested_by, requested_at = excluded.requested_at,"
                        + " from_at = excluded.from_at, to_at = excluded.to_at, error_code = NULL, message = NULL",
                tenant(request.collection()),
                name(request.collection()),
                request.requestedBy(),
                request.requestedAt().toEpochMilli(),
                millis(request.from()),
                millis(request.to()));
    }

    void failed(CollectionKey collection, String errorCode, String message) {
        sql.update(
                "UPDATE drift_reference_request SET error_code = ?, message = ? WHERE tenant = ? AND collection = ?",
                errorCode,
                message,
                tenant(collection),
                name(collection));
    }

    Optional<Request> requested(CollectionKey collection) {
        return sql.first(
                "SELECT * FROM drift_reference_request WHERE tenant = ? AND collection = ?",
                ReferenceStore::request,
                tenant(collection),
                name(collection));
    }

    /** Those not tried yet. */
    List<Request> waiting() {
        return sql.query("SELECT * FROM drift_reference_request WHERE error_code IS NULL", ReferenceStore::request);
    }

    private static Request request(ResultSet row) throws SQLException {
        return new Request(
                CollectionKey.of(row.getString("tenant"), row.getString("collection")),
                row.getString("requested_by"),
                Instant.ofEpochMilli(row.getLong("requested_at")),
                instant(row, "from_at"),
                instant(row, "to_at"),
                row.getString("error_code"),
                row.getString("message"));
    }

    private static @Nullable Instant instant(ResultSet row, String column) throws SQLException {
        long millis = row.getLong(column);
        return row.wasNull() ? null : Instant.ofEpochMilli(millis);
    }

    private static @Nullable Long millis(@Nullable Instant instant) {
        return instant == null ? null : Long.valueOf(instant.toEpochMilli());
    }

    private static String tenant(CollectionKey collection) {
        return collection.tenant().value();
    }

    private static String name(CollectionKey collection) {
        return collection.collection().value();
    }
}
