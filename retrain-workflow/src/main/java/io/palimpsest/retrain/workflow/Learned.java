package io.palimpsest.retrain.workflow;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.JsonNode;
import io.palimpsest.contracts.event.Json;
import io.palimpsest.contracts.id.CollectionKey;
import io.palimpsest.contracts.id.ContentHash;
import io.palimpsest.contracts.id.DocumentId;
import io.palimpsest.platform.database.Sql;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Which training sets a document is in, and what was trained from them. Threading: safe. Failure: DATABASE_FAILED. */
final class Learned {
    private final Sql sql;

    Learned(Sql sql) {
        this.sql = sql;
    }

    /**
     * A training set with the document.
     *
     * @param revision of the document that was judged
     * @param trained whether it was learned from; false: only in tests and validation
     * @param imported whether it came with judgements from elsewhere, with its text
     * @param retired whether the set's key was destroyed, for a document of it was erased
     */
    record Set(
            ContentHash snapshot,
            Instant madeAt,
            long revision,
            boolean trained,
            boolean imported,
            boolean retired,
            List<Trained> runs) {}

    /**
     * A run that used it.
     *
     * @param model that it made, live or not; null: none
     * @param outcome null where it has not ended
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Trained(
            String run,
            @Nullable String model,
            @Nullable Outcome outcome,
            Instant startedAt,
            @Nullable Instant endedAt) {}

    private record Row(
            ContentHash snapshot, Instant madeAt, long revision, boolean trained, boolean imported, boolean retired) {}

    /** Newest first. */
    List<Set> from(CollectionKey collection, DocumentId document) {
        return sql
                .query(
                        "SELECT s.snapshot, s.made_at, d.revision, d.trained, d.imported, s.retired_at"
                                + " FROM training_snapshot_document d JOIN training_snapshot s"
                                + " ON s.tenant = d.tenant AND s.collection = d.collection AND s.snapshot = d.snapshot"
                                + " WHERE d.tenant = ? AND d.collection = ? AND d.document_id = ?"
                                + " ORDER BY s.made_at DESC, s.snapshot",
                        row -> new Row(
                                new ContentHash(row.getString(1)),
                                Instant.ofEpochMilli(row.getLong(2)),
                                row.getLong(3),
                                row.getInt(4) == 1,
                                row.getInt(5) == 1,
                                row.getLong(6) > 0),
                        collection.tenant().value(),
                        collection.collection().value(),
                        document.value())
                .stream()
                .map(row -> new Set(
                        row.snapshot(),
                        row.madeAt(),
                        row.revision(),
                        row.trained(),
                        row.imported(),
                        row.retired(),
                        runs(collection, row.snapshot())))
                .toList();
    }

    /** The training set is in the result of the step that made it, the model in that of the training. */
    private List<Trained> runs(CollectionKey collection, ContentHash snapshot) {
        return sql.query(
                "SELECT r.run_id, r.outcome, r.started_at, r.ended_at, t.result FROM run r"
                        + " JOIN run_stage s ON s.run_id = r.run_id AND s.stage = ?"
                        + " LEFT JOIN run_stage t ON t.run_id = r.run_id AND t.stage = ?"
                        + " WHERE r.tenant = ? AND r.collection = ? AND s.result LIKE ? ORDER BY r.started_at, r.run_id",
                row -> {
                    String outcome = row.getString(2);
                    long ended = row.getLong(4);
                    String trained = row.getString(5);
                    return new Trained(
                            row.getString(1),
                            trained == null ? null : model(trained),
                            outcome == null ? null : Outcome.valueOf(outcome),
                            Instant.ofEpochMilli(row.getLong(3)),
                            outcome == null ? null : Instant.ofEpochMilli(ended));
                },
                Stage.SNAPSHOT.name(),
                Stage.TRAIN.name(),
                collection.tenant().value(),
                collection.collection().value(),
                "%" + snapshot + "%");
    }

    private static @Nullable String model(String trained) {
        return Json.read(trained.getBytes(StandardCharsets.UTF_8), JsonNode.class)
                .path("model")
                .asText(null);
    }
}
