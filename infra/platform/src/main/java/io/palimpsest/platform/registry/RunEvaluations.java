package io.palimpsest.platform.registry;

import com.fasterxml.jackson.databind.JsonNode;
import io.palimpsest.contracts.error.ErrorCode;
import io.palimpsest.contracts.error.PalimpsestException;
import io.palimpsest.contracts.event.Json;
import io.palimpsest.contracts.id.CollectionId;
import io.palimpsest.contracts.id.CollectionKey;
import io.palimpsest.contracts.id.ContentHash;
import io.palimpsest.contracts.id.DocumentKey;
import io.palimpsest.contracts.model.ModelManifest;
import io.palimpsest.platform.content.ContentStore;
import io.palimpsest.platform.database.Sql;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** What runs measured, from their reports in the content store. Threading: safe. Failure: STORE_FAILED, DATABASE_FAILED. */
public final class RunEvaluations {
    private static final String REPORT = "evaluation.json";

    private final Sql sql;
    private final ContentStore store;

    public RunEvaluations(Sql sql, ContentStore store) {
        this.sql = sql;
        this.store = store;
    }

    /**
     * A measure of a slice, of both models; gains are candidate minus serving, with their 95 % confidence interval.
     *
     * @param measure such as {@code ndcg_at_10}
     */
    public record Measured(
            String slice,
            String kind,
            int queries,
            String measure,
            double serving,
            double candidate,
            double gain,
            double low,
            double high) {}

    /**
     * @param promotes what the gate said
     * @param sentence the same for people
     */
    public record Evaluated(
            String serving,
            String candidate,
            boolean promotes,
            String sentence,
            double servingP95Millis,
            double candidateP95Millis,
            List<Measured> measures) {
        public Evaluated {
            measures = List.copyOf(measures);
        }
    }

    /** Empty where the run has none (yet), or its key was destroyed. */
    public Optional<Evaluated> of(String run) {
        return bytes(run).map(bytes -> Json.read(bytes, JsonNode.class)).map(RunEvaluations::read);
    }

    private Optional<byte[]> bytes(String run) {
        try {
            return sql.first(
                            "SELECT shelf, owner, content FROM run_file WHERE run_id = ? AND name = ?",
                            row -> List.of(row.getString(1), row.getString(2), row.getString(3)),
                            run,
                            REPORT)
                    .map(place -> store.read(
                            DocumentKey.of(
                                    new CollectionKey(ModelManifest.TENANT, new CollectionId(place.get(0))),
                                    place.get(1)),
                            new ContentHash(place.get(2))));
        } catch (PalimpsestException e) {
            if (e.code() == ErrorCode.CONTENT_GONE) {
                return Optional.empty();
            }
            throw e;
        }
    }

    private static Evaluated read(JsonNode report) {
        JsonNode evaluation = report.path("evaluation");
        List<Measured> measures = new ArrayList<>();
        for (JsonNode slice : evaluation.path("slices")) {
            slice.path("measures").properties().forEach(entry -> {
                JsonNode found = entry.getValue();
                measures.add(new Measured(
                        slice.path("name").asText(),
                        slice.path("kind").asText(),
                        slice.path("queries").asInt(),
                        entry.getKey().toLowerCase(Locale.ROOT),
                        found.path("serving").asDouble(),
                        found.path("candidate").asDouble(),
                        found.path("gain").asDouble(),
                        found.path("low").asDouble(),
                        found.path("high").asDouble()));
            });
        }
        return new Evaluated(
                evaluation.path("serving").asText(),
                evaluation.path("candidate").asText(),
                report.path("promotes").asBoolean(),
                report.path("sentence").asText(),
                evaluation.path("servingLoad").path("p95Millis").asDouble(),
                evaluation.path("candidateLoad").path("p95Millis").asDouble(),
                measures);
    }
}
