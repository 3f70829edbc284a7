package io.palimpsest.platform.registry;

import io.palimpsest.contracts.error.ErrorCode;
import io.palimpsest.contracts.error.PalimpsestException;
import io.palimpsest.contracts.event.Json;
import io.palimpsest.contracts.id.CollectionKey;
import io.palimpsest.contracts.id.ContentHash;
import io.palimpsest.platform.database.Sql;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The list of everything that versions are made of. Models, training sets, generations and runs stand in their services' tables; what has
 * none is registered here.
 *
 * <p>Threading: safe, from any process. Ordering and idempotency: registering the same again changes nothing. Failure: {@link
 * ErrorCode#ARTIFACT_UNKNOWN}, {@link ErrorCode#ARTIFACT_DIFFERS}, DATABASE_FAILED.
 */
public final class Registry {
    private static final Comparator<Artifact> NEWEST_FIRST =
            Comparator.comparing(Artifact::registeredAt).reversed().thenComparing(Artifact::id);
    private static final Pattern DIGEST = Pattern.compile("[0-9a-f]{64}");

    private final Sql sql;
    private final ArtifactRows rows;
    private final ModelOwners owners;
    private final InstantSource clock;
    private final Registrations registrations;

    public Registry(Sql sql, InstantSource clock, Registrations registrations) {
        this.sql = sql;
        this.rows = new ArtifactRows(sql);
        this.owners = new ModelOwners(sql);
        this.clock = clock;
        this.registrations = registrations;
    }

    /**
     * Registers what has no table of its own, and tells the ledger, also of what was registered already: whoever did that may have ended
     * before it could tell.
     *
     * @param description what makes it this one and no other: names, versions, hashes; no secret
     * @throws PalimpsestException {@link ErrorCode#ARTIFACT_DIFFERS} where the id is that of another one
     */
    public void register(ArtifactKind kind, String id, Map<String, String> description, String by) {
        String json = Json.writeText(new TreeMap<>(description));
        String digest = ContentHash.ofText(json).value();
        Artifact registered = sql.inTransaction(transaction -> {
            transaction.update(
                    "INSERT INTO artifact (id, kind, digest, description, registered_by, registered_at) VALUES (?, ?, ?, ?, ?, ?)"
                            + " ON CONFLICT (id) DO NOTHING",
                    id,
                    kind.name(),
                    digest,
                    json,
                    by,
                    clock.millis());
            return ArtifactRows.own(transaction, id);
        });
        if (registered.kind() != kind || !registered.digest().equals(digest)) {
            throw new PalimpsestException(ErrorCode.ARTIFACT_DIFFERS, id + " is registered already, as something else");
        }
        registrations.tell(registered);
    }

    /**
     * Newest first.
     *
     * @param sees the collections whose artefacts, and whose uses of those that belong to nobody, are listed
     */
    public List<Artifact> list(Predicate<CollectionKey> sees) {
        return list(kind -> true, sees);
    }

    /** Those of some kinds, as above. */
    public List<Artifact> list(Predicate<ArtifactKind> kinds, Predicate<CollectionKey> sees) {
        return rows.all().stream()
                .filter(each -> kinds.test(each.kind()))
                .flatMap(each -> seen(each, sees).stream())
                .map(each -> used(each, sees))
                .sorted(NEWEST_FIRST)
                .toList();
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
        return newest(rows.withId(idOrDigest).stream(), sees)
                .or(() -> DIGEST.matcher(idOrDigest).matches()
                        ? newest(
                                rows.all().stream().filter(each -> each.digest().equals(idOrDigest)), sees)
                        : Optional.empty())
                .map(each -> used(each, sees));
    }

    private Optional<Artifact> newest(Stream<Artifact> some, Predicate<CollectionKey> sees) {
        return some.flatMap(each -> seen(each, sees).stream()).min(NEWEST_FIRST);
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
}
