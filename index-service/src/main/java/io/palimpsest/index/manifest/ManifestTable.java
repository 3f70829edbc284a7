package io.palimpsest.index.manifest;

import io.palimpsest.contracts.id.CollectionId;
import io.palimpsest.contracts.id.CollectionKey;
import io.palimpsest.contracts.id.GenerationId;
import io.palimpsest.contracts.id.TenantId;
import io.palimpsest.platform.database.Sql;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The table {@code index_manifest}. Threading: safe. Failure: DATABASE_FAILED. */
public final class ManifestTable {
    private static final String SELECT =
            "SELECT id, tenant, collection, generation, at, reason, size, root, salt, content,"
                    + " holder, file, bytes FROM index_manifest";
    private static final String OF_GENERATION = " WHERE tenant = ? AND collection = ? AND generation = ?";

    private final Sql sql;

    public ManifestTable(Sql sql) {
        this.sql = sql;
    }

    void add(ManifestRow row) {
        sql.update(
                "INSERT INTO index_manifest (id, tenant, collection, generation, at, reason, size, root, salt, content, holder,"
                        + " file, bytes) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO NOTHING",
                row.id(),
                row.collection().tenant().value(),
                row.collection().collection().value(),
                row.generation().value(),
                row.at().toEpochMilli(),
                row.reason().name(),
                row.size(),
                row.root(),
                row.salt(),
                row.content(),
                row.holder(),
                row.file(),
                row.bytes());
    }

    /** Newest first. */
    public List<ManifestRow> of(CollectionKey collection, GenerationId generation, int limit) {
        return sql.query(
                SELECT + OF_GENERATION + " ORDER BY at DESC LIMIT " + limit,
                ManifestTable::row,
                collection.tenant().value(),
                collection.collection().value(),
                generation.value());
    }

    public Optional<ManifestRow> newest(CollectionKey collection, GenerationId generation) {
        return of(collection, generation, 1).stream().findFirst();
    }

    /** The last one that is not later. */
    Optional<ManifestRow> at(CollectionKey collection, GenerationId generation, Instant moment) {
        return sql.first(
                SELECT + OF_GENERATION + " AND at <= ? ORDER BY at DESC LIMIT 1",
                ManifestTable::row,
                collection.tenant().value(),
                collection.collection().value(),
                generation.value(),
                moment.toEpochMilli());
    }

    /** Those whose files are with this process, oldest first. */
    List<ManifestRow> kept(String holder) {
        return sql.query(SELECT + " WHERE holder = ? AND file IS NOT NULL ORDER BY at, id", ManifestTable::row, holder);
    }

    /** Names of the files that are kept, whoever has them. */
    Set<String> files() {
        return Set.copyOf(
                sql.query("SELECT file FROM index_manifest WHERE file IS NOT NULL", row -> row.getString("file")));
    }

    /** Those that are not known to have reached the ledger, oldest first. */
    List<ManifestRow> untold(int limit) {
        return sql.query(SELECT + " WHERE told = 0 ORDER BY at, id LIMIT " + limit, ManifestTable::row);
    }

    void markTold(List<ManifestRow> rows) {
        rows.forEach(row -> sql.update("UPDATE index_manifest SET told = 1 WHERE id = ?", row.id()));
    }

    void notKept(ManifestRow row) {
        sql.update("UPDATE index_manifest SET file = NULL WHERE id = ?", row.id());
    }

    private static ManifestRow row(ResultSet row) throws SQLException {
        return new ManifestRow(
                row.getString("id"),
                new CollectionKey(new TenantId(row.getString("tenant")), new CollectionId(row.getString("collection"))),
                new GenerationId(row.getString("generation")),
                Instant.ofEpochMilli(row.getLong("at")),
                ManifestRow.Reason.valueOf(row.getString("reason")),
                row.getLong("size"),
                row.getString("root"),
                row.getString("salt"),
                row.getString("content"),
                row.getString("holder"),
                row.getString("file"),
                row.getLong("bytes"));
    }
}
