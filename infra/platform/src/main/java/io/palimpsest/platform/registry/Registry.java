package io.palimpsest.platform.registry;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import io.palimpsest.contracts.error.ErrorCode;
import io.palimpsest.contracts.error.PalimpsestException;
import io.palimpsest.contracts.event.Json;
import io.palimpsest.contracts.id.CollectionKey;
import io.palimpsest.contracts.id.ContentHash;
import io.palimpsest.contracts.model.ModelManifest;
import io.palimpsest.platform.database.Sql;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;

/**
 * The list of everything that versions are made of. Models, training sets, generations and runs stand in their services' tables; what has
 * none is registered here.
 *
 * <p>Threading: safe, from any process. Ordering and idempotency: registering the same again changes nothing. Failure: {@link
 * ErrorCode#ARTIFACT_UNKNOWN}, {@link ErrorCode#ARTIFACT_DIFFERS}, DATABASE_FAILED.
 */
public final class Registry {
    private static final TypeReference<TreeMap<String, Object>> FACTS = new TypeReference<>() {};

    private final Sql sql;
    private final ModelOwners owners;
    private final InstantSource clock;

    public Registry(Sql sql, InstantSource clock) {
        this.sql = sql;
        this.owners = new ModelOwners(sql);
        this.clock = clock;
    }

    /**
     * Registers what has no table of its own.
     *
     * @param description what makes it this one and no other: names, versions, hashes; no secret
     * @throws PalimpsestException {@link ErrorCode#ARTIFACT_DIFFERS} where the id is that of another one
     */
    public void register(ArtifactKind kind, String id, Map<String, String> description, String by) {
        String json = Json.writeText(new TreeMap<>(description));
        String digest = ContentHash.ofText(json).value();
        boolean agrees = sql.inTransaction(transaction -> {
            transaction.update(
                    "INSERT INTO artifact (id, kind, digest, description, registered_by, registered_at) VALUES (?, ?, ?, ?, ?, ?)"
                            + " ON CONFLICT (id) DO NOTHING",
                    id,
                    kind.name(),
                    digest,
                    json,
                    by,
                    clock.millis());
            return transaction
                    .query(
                            "SELECT kind, digest FROM artifact WHERE id = ?",
                            row -> row.getString(1).equals(kind.name())
                                    && row.getString(2).equals(digest),
                            id)
                    .getFirst();
        });
        if (!agrees) {
            throw new PalimpsestException(ErrorCode.ARTIFACT_DIFFERS, id + " is registered already, as something else");
        }
    }

    /**
     * Newest first.
     *
     * @param sees the collections whose artefacts, and whose uses of those that belong to nobody, are listed
     */
    public List<Artifact> list(Predicate<CollectionKey> sees) {
        return rows().stream()
                .flatMap(each -> seen(each, sees).stream())
                .map(each -> used(each, sees))
                .sorted(Comparator.comparing(Artifact::registeredAt).reversed().thenComparing(Artifact::id))
                .toList();
    }

    private List<Artifact> rows() {
        return sql.inTransaction(transaction -> {
            List<Artifact> all = new ArrayList<>();
            all.addAll(transaction.query(
                    "SELECT id, kind, digest, description, registered_by, registered_at FROM artifact", Registry::own));
            all.addAll(transaction.query("SELECT manifest, state, registered_at FROM model", Registry::model));
            all.addAll(transaction.query(
                    "SELECT snapshot, tenant, collection, made_at, made_by, manifest, retired_at FROM training_snapshot",
                    Registry::snapshot));
            all.addAll(transaction.query(
                    "SELECT id, tenant, collection, model, passages, policy, state, made_at, origin FROM generation",
                    Registry::generation));
            all.addAll(transaction.query(
                    "SELECT run_id, tenant, collection, cause, request, started_at, outcome, model FROM run WHERE kind = ?",
                    Registry::run,
                    RunRecord.FINE_TUNE));
            return all;
        });
    }

    /** A model with the collection that it belongs to, the first of those that are seen. */
    private Optional<Artifact> seen(Artifact artifact, Predicate<CollectionKey> sees) {
        CollectionKey collection = artifact.collection();
        if (collection != null) {
            return Optional.of(artifact).filter(each -> sees.test(collection));
        }
        Set<CollectionKey> of = isModel(artifact.kind()) ? owners.of(artifact.id()) : Set.of();
        return of.isEmpty()
                ? Optional.of(artifact)
                : of.stream().filter(sees).findFirst().map(artifact::of);
    }

    private static boolean isModel(ArtifactKind kind) {
        return switch (kind) {
            case EMBEDDER, ADAPTER, RERANKER, GENERATOR -> true;
            case TOKENISER, PASSAGE_POLICY, EXTRACTOR, SNAPSHOT, GENERATION, RUN -> false;
        };
    }

    private Artifact used(Artifact artifact, Predicate<CollectionKey> sees) {
        return artifact.usedBy(ArtifactUses.of(sql, artifact.kind(), artifact.id(), sees));
    }

    /**
     * @param idOrDigest either
     * @param sees as in {@link #list}
     * @throws PalimpsestException {@link ErrorCode#ARTIFACT_UNKNOWN}, also for what is not seen: it does not tell what exists
     */
    public Artifact find(String idOrDigest, Predicate<CollectionKey> sees) {
        return found(idOrDigest, sees)
                .orElseThrow(() ->
                        new PalimpsestException(ErrorCode.ARTIFACT_UNKNOWN, "there is no artefact " + idOrDigest));
    }

    private Optional<Artifact> found(String idOrDigest, Predicate<CollectionKey> sees) {
        List<Artifact> all = list(sees);
        return all.stream()
                .filter(each -> each.id().equals(idOrDigest))
                .findFirst()
                .or(() -> all.stream()
                        .filter(each -> each.digest().equals(idOrDigest))
                        .findFirst());
    }

    /**
     * Takes what has no table of its own off the list.
     *
     * @throws PalimpsestException {@link ErrorCode#ARTIFACT_IN_USE}; {@link ErrorCode#ARTIFACT_UNKNOWN}, also for what has a table: its
     *     own service removes it
     */
    public void remove(ArtifactKind kind, String id) {
        boolean removed = sql.inTransaction(transaction -> {
            ArtifactUses.requireNone(transaction, kind, id);
            return transaction.update("DELETE FROM artifact WHERE id = ? AND kind = ?", id, kind.name()) == 1;
        });
        if (!removed) {
            throw new PalimpsestException(ErrorCode.ARTIFACT_UNKNOWN, "there is no " + kind + " " + id + " of its own");
        }
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
