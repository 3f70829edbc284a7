package io.palimpsest.platform.registry;

import io.palimpsest.contracts.error.ErrorCode;
import io.palimpsest.contracts.error.PalimpsestException;
import io.palimpsest.platform.database.Sql;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/**
 * What stands on an artefact. In the caller's transaction, so that what is found is so until its end. The alias {@code previous} protects
 * nothing: that a former generation is dropped is how a roll-back to it is given up.
 */
public final class ArtifactUses {
    private ArtifactUses() {}

    /** @throws PalimpsestException {@link ErrorCode#ARTIFACT_IN_USE} */
    public static void requireNone(Sql.Transaction transaction, ArtifactKind kind, String id) throws SQLException {
        List<String> uses = of(transaction, kind, id);
        if (!uses.isEmpty()) {
            throw new PalimpsestException(
                    ErrorCode.ARTIFACT_IN_USE,
                    id + " is used by " + String.join(", ", uses.subList(0, Math.min(5, uses.size()))));
        }
    }

    /** Each as kind and id, such as {@code generation g2}; empty where nothing does. */
    public static List<String> of(Sql.Transaction transaction, ArtifactKind kind, String id) throws SQLException {
        List<String> uses = new ArrayList<>();
        switch (kind) {
            case EMBEDDER, ADAPTER, RERANKER, GENERATOR -> {
                uses.addAll(ids(
                        transaction,
                        "generation ",
                        "SELECT id FROM generation WHERE model = ? OR passages_model = ?",
                        id,
                        id));
                uses.addAll(ids(transaction, "model ", "SELECT id FROM model WHERE base = ?", id));
                uses.addAll(ids(
                        transaction,
                        "running run ",
                        "SELECT s.run_id FROM run_stage s JOIN run r ON r.run_id = s.run_id"
                                + " WHERE r.outcome IS NULL AND s.stage = 'TRAIN' AND s.result LIKE '%' || ? || '%'",
                        "\"" + id + "\""));
            }
            case SNAPSHOT -> {
                uses.addAll(ids(transaction, "model ", "SELECT id FROM model WHERE snapshot = ?", id));
                uses.addAll(ids(
                        transaction,
                        "running run ",
                        "SELECT s.run_id FROM run_stage s JOIN run r ON r.run_id = s.run_id"
                                + " WHERE r.outcome IS NULL AND s.stage = 'SNAPSHOT' AND s.result LIKE '%' || ? || '%'",
                        id));
            }
            case GENERATION -> {
                uses.addAll(ids(
                        transaction,
                        "alias live of ",
                        "SELECT collection FROM live_generation WHERE generation = ?",
                        id));
                uses.addAll(ids(
                        transaction,
                        "generation ",
                        "SELECT id FROM generation WHERE passages = ? AND id <> ?",
                        id,
                        id));
                uses.addAll(ids(
                        transaction,
                        "its own build ",
                        "SELECT id FROM generation WHERE id = ? AND state = 'BUILDING'",
                        id));
            }
            case RUN ->
                uses.addAll(ids(
                        transaction,
                        "running run ",
                        "SELECT run_id FROM run WHERE run_id = ? AND outcome IS NULL",
                        id));
            case PASSAGE_POLICY -> {
                uses.addAll(ids(transaction, "generation ", "SELECT id FROM generation WHERE policy = ?", id));
                uses.addAll(ids(
                        transaction,
                        "revisions of ",
                        "SELECT DISTINCT collection FROM revision_made_by WHERE policy = ?",
                        id));
            }
            case EXTRACTOR ->
                uses.addAll(ids(
                        transaction,
                        "revisions of ",
                        "SELECT DISTINCT collection FROM revision_made_by WHERE extractor = ?",
                        id));
            case TOKENISER -> {}
        }
        return uses.stream().distinct().toList();
    }

    private static List<String> ids(Sql.Transaction transaction, String what, String sql, Object... arguments)
            throws SQLException {
        return transaction.query(sql, row -> what + row.getString(1), arguments);
    }
}
