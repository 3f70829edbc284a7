package io.palimpsest.platform.registry;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import io.palimpsest.contracts.event.Json;
import io.palimpsest.contracts.id.CollectionKey;
import io.palimpsest.contracts.id.ContentHash;
import io.palimpsest.contracts.model.ModelManifest;
import io.palimpsest.platform.database.Sql;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Artefacts as their tables have them, without their uses, and models without their collection. Reads only, table by table: no writer waits
 * for it, and it waits for none. Threading: safe. Failure: DATABASE_FAILED.
 */
final class ArtifactRows {
    private static final TypeReference<TreeMap<String, Object>> FACTS = new TypeReference<>() {};
    private static final String OWN =
            "SELECT id, kind, digest, description, registered_by, registered_at FROM artifact";
    private static final String MODEL = "SELECT manifest, state, registered_at FROM model";
    private static final String SNAPSHOT =
            "SELECT snapshot, tenant, collection, made_at, made_by, manifest, retired_at FROM training_snapshot";
    private static final String GENERATION =
            "SELECT id, tenant, collection, model, passages, policy, state, made_at, origin FROM generation";
    private static final String RUN = "SELECT run_id, tenant, collection, cause, request, started_at, outcome, model"
            + " FROM run WHERE kind = ?";

    private final Sql sql;

    ArtifactRows(Sql sql) {
        this.sql = sql;
    }

    List<Artifact> all() {
        List<Artifact> all = new ArrayList<>();
        all.addAll(sql.query(OWN, ArtifactRows::own));
        all.addAll(sql.query(MODEL, ArtifactRows::model));
        all.addAll(sql.query(SNAPSHOT, ArtifactRows::snapshot));
        all.addAll(sql.query(GENERATION, ArtifactRows::generation));
        all.addAll(sql.query(RUN, ArtifactRows::run, RunRecord.FINE_TUNE));
        return all;
    }

    /** More than one where a training set of two collections is the same. */
    List<Artifact> withId(String id) {
        List<Artifact> found = new ArrayList<>();
        found.addAll(sql.query(OWN + " WHERE id = ?", ArtifactRows::own, id));
        found.addAll(sql.query(MODEL + " WHERE id = ?", ArtifactRows::model, id));
        found.addAll(sql.query(SNAPSHOT + " WHERE snapshot = ?", ArtifactRows::snapshot, id));
        found.addAll(sql.query(GENERATION + " WHERE id = ?", ArtifactRows::generation, id));
        found.addAll(sql.query(RUN + " AND run_id = ?", ArtifactRows::run, RunRecord.FINE_TUNE, id));
        return found;
    }

    /** As it is in this transaction, in which it is there. */
    static Artifact own(Sql.Transaction transaction, String id) throws SQLException {
        return transaction.query(OWN + " WHERE id = ?", ArtifactRows::own, id).getFirst();
    }

    private static Artifact own(ResultSet row) throws SQLException {
        Map<String, Object> facts = facts(row.getString(4));
        return new Artifact(
                row.getString(1),
                ArtifactKind.valueOf(row.getString(2)),
                row.getString(3),
                null,
                "REGISTERED",
                Map.of(),
                facts,
                row.getString(5),
                Instant.ofEpochMilli(row.getLong(6)),
                List.of());
    }

    private static Artifact model(ResultSet row) throws SQLException {
        ModelManifest manifest = Json.read(row.getString(1).getBytes(UTF_8), ModelManifest.class);
        Map<String, String> from = new TreeMap<>();
        Optional.ofNullable(manifest.base()).ifPresent(base -> from.put("base", base.value()));
        Optional.ofNullable(manifest.snapshot()).ifPresent(hash -> from.put("snapshot", hash.value()));
        ArtifactKind kind = switch (manifest.kind()) {
            case ENCODER -> ArtifactKind.EMBEDDER;
            case QUERY_ADAPTER -> ArtifactKind.ADAPTER;
            case GENERATOR -> ArtifactKind.GENERATOR;
        };
        return new Artifact(
                manifest.id().value(),
                kind,
                ModelManifest.digest(manifest.files()).value(),
                null,
                row.getString(2),
                from,
                facts(row.getString(1)),
                "service:retrain",
                Instant.ofEpochMilli(row.getLong(3)),
                List.of());
    }

    private static Artifact snapshot(ResultSet row) throws SQLException {
        Map<String, Object> facts = facts(row.getString(6));
        row.getLong(7);
        String state = row.wasNull() ? "KEPT" : "RETIRED";
        return new Artifact(
                row.getString(1),
                ArtifactKind.SNAPSHOT,
                row.getString(1),
                collection(row),
                state,
                Map.of(),
                facts,
                row.getString(5),
                Instant.ofEpochMilli(row.getLong(4)),
                List.of());
    }

    private static Artifact generation(ResultSet row) throws SQLException {
        Map<String, String> from = new TreeMap<>(Map.of("model", row.getString(4), "policy", row.getString(6)));
        if (!row.getString(5).equals(row.getString(1))) {
            from.put("passages", row.getString(5));
        }
        return new Artifact(
                row.getString(1),
                ArtifactKind.GENERATION,
                digest(row.getString(1), from),
                collection(row),
                row.getString(7),
                from,
                Map.of("origin", row.getString(9)),
                "service:index",
                Instant.ofEpochMilli(row.getLong(8)),
                List.of());
    }

    private static Artifact run(ResultSet row) throws SQLException {
        Map<String, String> from = Map.of("cause", row.getString(4));
        Map<String, Object> facts = new TreeMap<>(facts(row.getString(5)));
        facts.keySet().retainAll(List.of("trainer", "seed", "labels"));
        Optional.ofNullable(row.getString(8)).ifPresent(model -> facts.put("model", model));
        String outcome = row.getString(7);
        return new Artifact(
                row.getString(1),
                ArtifactKind.RUN,
                ContentHash.ofText(row.getString(5)).value(),
                collection(row),
                outcome == null ? "RUNNING" : outcome,
                from,
                facts,
                "service:retrain",
                Instant.ofEpochMilli(row.getLong(6)),
                List.of());
    }

    private static CollectionKey collection(ResultSet row) throws SQLException {
        return CollectionKey.of(row.getString("tenant"), row.getString("collection"));
    }

    private static String digest(String id, Map<String, String> from) {
        return ContentHash.ofText(id + "\n" + Json.writeText(from)).value();
    }

    private static Map<String, Object> facts(String json) {
        return Json.mapper().convertValue(Json.read(json.getBytes(UTF_8), JsonNode.class), FACTS);
    }
}
