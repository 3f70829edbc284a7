package io.palimpsest.platform.registry;

import io.palimpsest.contracts.error.ErrorCode;
import io.palimpsest.contracts.error.PalimpsestException;
import io.palimpsest.contracts.id.CollectionKey;
import io.palimpsest.platform.database.Sql;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * What stands on an artefact. The alias {@code previous} protects nothing: that a former generation is dropped is how a roll-back to it is
 * given up.
 */
public final class ArtifactUses {
    private static final String MODEL = "model ";

    private ArtifactUses() {}

    /**
     * @param what word before what is found
     * @param sql gives id, tenant and collection; both null for a model
     */
    private record Question(String what, String sql, List<String> arguments) {
        Use use(ResultSet row) throws SQLException {
            String tenant = row.getString(2);
            return new Use(what, row.getString(1), tenant == null ? null : CollectionKey.of(tenant, row.getString(3)));
        }
    }

    private record Use(String what, String id, @Nullable CollectionKey collection) {
        String text() {
            return what + id;
        }

        boolean isSeen(ModelOwners owners, Predicate<CollectionKey> sees) {
            if (collection != null) {
                return sees.test(collection);
            }
            Set<CollectionKey> of = owners.of(id);
            return of.isEmpty() || of.stream().anyMatch(sees);
        }
    }

    /**
     * In the caller's transaction, so that what is found is so until its end; whoever it belongs to.
     *
     * @throws PalimpsestException {@link ErrorCode#ARTIFACT_IN_USE}
     */
    public static void requireNone(Sql.Transaction transaction, ArtifactKind kind, String id) throws SQLException {
        List<String> uses = new ArrayList<>();
        for (Question question : questions(kind, id)) {
            transaction
                    .query(question.sql(), question::use, question.arguments().toArray())
                    .forEach(use -> uses.add(use.text()));
        }
        List<String> found = uses.stream().distinct().toList();
        if (!found.isEmpty()) {
            throw new PalimpsestException(
                    ErrorCode.ARTIFACT_IN_USE,
                    id + " is used by " + String.join(", ", found.subList(0, Math.min(5, found.size()))));
        }
    }

    /**
     * Each as kind and id, such as {@code generation g2}; empty where nothing does.
     *
     * @param sees the collections whose uses are told
     */
    static List<String> of(Sql sql, ArtifactKind kind, String id, Predicate<CollectionKey> sees) {
        ModelOwners owners = new ModelOwners(sql);
        return questions(kind, id).stream()
                .flatMap(question -> sql
                        .query(
                                question.sql(),
                                question::use,
                                question.arguments().toArray())
                        .stream())
                .filter(use -> use.isSeen(owners, sees))
                .map(Use::text)
                .distinct()
                .toList();
    }

    private static List<Question> questions(ArtifactKind kind, String id) {
        return switch (kind) {
            case EMBEDDER, ADAPTER, RERANKER, GENERATOR ->
                List.of(
                        question(
                                "generation ",
                                "SELECT id, tenant, collection FROM generation WHERE model = ? OR passages_model = ?",
                                id,
                                id),
                        question(MODEL, "SELECT id, NULL, NULL FROM model WHERE base = ?", id),
                        inRun("TRAIN", "\"" + id + "\""));
            case SNAPSHOT ->
                List.of(
                        question(MODEL, "SELECT id, NULL, NULL FROM model WHERE snapshot = ?", id),
                        inRun("SNAPSHOT", id));
            case GENERATION ->
                List.of(
                        question(
                                "alias live of ",
                                "SELECT collection, tenant, collection FROM live_generation WHERE generation = ?",
                                id),
                        question(
                                "generation ",
                                "SELECT id, tenant, collection FROM generation WHERE passages = ? AND id <> ?",
                                id,
                                id),
                        question(
                                "its own build ",
                                "SELECT id, tenant, collection FROM generation WHERE id = ? AND state = 'BUILDING'",
                                id));
            case RUN ->
                List.of(question(
                        "running run ",
                        "SELECT run_id, tenant, collection FROM run WHERE run_id = ? AND outcome IS NULL",
                        id));
            case PASSAGE_POLICY ->
                List.of(
                        question("generation ", "SELECT id, tenant, collection FROM generation WHERE policy = ?", id),
                        revisions("policy", id));
            case EXTRACTOR -> List.of(revisions("extractor", id));
            case TOKENISER -> List.of();
        };
    }

    private static Question inRun(String stage, String text) {
        return question(
                "running run ",
                "SELECT s.run_id, r.tenant, r.collection FROM run_stage s JOIN run r ON r.run_id = s.run_id"
                        + " WHERE r.outcome IS NULL AND s.stage = ? AND s.result LIKE '%' || ? || '%'",
                stage,
                text);
    }

    private static Question revisions(String column, String id) {
        return question(
                "revisions of ",
                "SELECT DISTINCT collection, tenant, collection FROM revision_made_by WHERE " + column + " = ?",
                id);
    }

    private static Question question(String what, String sql, String... arguments) {
        return new Question(what, sql, List.of(arguments));
    }
}
