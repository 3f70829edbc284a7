package io.palimpsest.ingest.intake;

import io.palimpsest.contracts.error.ErrorCode;
import io.palimpsest.contracts.error.PalimpsestException;
import io.palimpsest.contracts.id.CollectionId;
import io.palimpsest.contracts.id.CollectionKey;
import io.palimpsest.contracts.id.TenantId;
import io.palimpsest.ingest.database.Columns;
import io.palimpsest.platform.database.Sql;
import io.palimpsest.platform.security.Caller;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;

/**
 * Which collections exist: those that the settings name for every tenant, and those that were created.
 *
 * <p>Threading: safe. A collection, once there, stays.
 */
public final class CollectionRegistry {
    private final Sql sql;
    private final Clock clock;
    private final Predicate<String> everywhere;
    private final Set<CollectionKey> known = ConcurrentHashMap.newKeySet();

    /** @param everywhere names of collections that exist in every tenant */
    public CollectionRegistry(Sql sql, Clock clock, Predicate<String> everywhere) {
        this.sql = sql;
        this.clock = clock;
        this.everywhere = everywhere;
    }

    /** A created collection. */
    public record Created(String collection, Instant createdAt, String createdBy) {}

    /** @return false when it was there already */
    public boolean create(CollectionKey key, String actor) {
        int created = sql.update(
                "INSERT INTO collection (tenant, collection, created_at, created_by) VALUES (?, ?, ?, ?)"
                        + " ON CONFLICT DO NOTHING",
                Columns.of(key.tenant(), key.collection(), clock.instant(), actor));
        known.add(key);
        return created == 1;
    }

    public boolean exists(CollectionKey key) {
        if (everywhere.test(key.collection().value()) || known.contains(key)) {
            return true;
        }
        boolean found = sql.first(
                        "SELECT 1 FROM collection WHERE tenant = ? AND collection = ?",
                        row -> row.getInt(1),
                        Columns.of(key.tenant(), key.collection()))
                .isPresent();
        if (found) {
            known.add(key);
        }
        return found;
    }

    public List<Created> list(TenantId tenant) {
        return sql.query(
                "SELECT collection, created_at, created_by FROM collection WHERE tenant = ? ORDER BY collection",
                row -> new Created(
                        row.getString("collection"),
                        Instant.ofEpochMilli(row.getLong("created_at")),
                        row.getString("created_by")),
                Columns.of(tenant));
    }

    /**
     * The collection that a caller's event is for.
     *
     * @throws PalimpsestException COLLECTION_UNKNOWN where there is none, or none that the caller may use: a key does not
     *     learn what exists beside
     */
    CollectionKey require(Caller caller, String name) {
        try {
            CollectionKey key = new CollectionKey(caller.tenant(), new CollectionId(name));
            if (caller.mayUse(key.collection()) && exists(key)) {
                return key;
            }
        } catch (IllegalArgumentException e) {
            // Not a name: there is nothing under it.
        }
        throw new PalimpsestException(
                ErrorCode.COLLECTION_UNKNOWN,
                "there is no collection of this name for this key, or none that it may use");
    }
}
