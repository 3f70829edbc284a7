package io.palimpsest.retrain.evaluate;

import com.fasterxml.jackson.databind.JsonNode;
import io.palimpsest.contracts.event.Json;
import io.palimpsest.contracts.id.ContentHash;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * What the ledger is told of an evaluation: {@code report}, the hash of {@link EvaluationReport#json}, by which the report that
 * somebody shows can be checked, and its main figures, {@code evaluation.<kind of slice>} such as {@code nDCG@10 0.6123 -> 0.6634
 * [+0.0210, +0.0812] of 120 queries} (serving model, candidate, 95 % interval of the gain). Slices by tag are left out: tags are
 * people's words.
 */
public final class EvaluationFacts {
    private static final String PREFIX = "evaluation.";

    private EvaluationFacts() {}

    /** @param report {@link EvaluationReport#json} */
    public static Map<String, String> of(byte[] report) {
        Map<String, String> facts = new TreeMap<>();
        facts.put("report", ContentHash.of(report).value());
        JsonNode slices = Json.read(report, JsonNode.class).path("evaluation").path("slices");
        for (JsonNode slice : slices) {
            String kind = slice.path("kind").asText();
            JsonNode ndcg = slice.path("measures").path(Measure.NDCG_AT_10.name());
            if (!kind.equals(EvaluationSlice.Kind.TAG.name()) && ndcg.isObject()) {
                facts.put(PREFIX + kind, figures(slice.path("queries").asInt(), ndcg));
            }
        }
        return facts;
    }

    private static String figures(int queries, JsonNode ndcg) {
        return String.format(
                Locale.ROOT,
                "%s %.4f -> %.4f [%+.4f, %+.4f] of %d queries",
                Measure.NDCG_AT_10.label(),
                ndcg.path("serving").asDouble(),
                ndcg.path("candidate").asDouble(),
                ndcg.path("low").asDouble(),
                ndcg.path("high").asDouble(),
                queries);
    }
}
