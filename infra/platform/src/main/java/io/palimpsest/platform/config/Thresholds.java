package io.palimpsest.platform.config;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** The settings that decide what people find, what is promoted and what is an alarm: numbers and words, no address and no secret. */
public final class Thresholds {
    private static final List<String> GROUPS = List.of("gate.", "drift.", "judgement.", "rollout.");
    private static final Set<String> KEYS = Set.of(
            "answer.context.tokens",
            "answer.endpoint.model",
            "embed.endpoint.model",
            "embed.model",
            "feedback.retention",
            "folder.max.delete.ratio",
            "index.engine",
            "index.history.retention",
            "ledger.receipts",
            "ledger.witness.quorum",
            "retrain.trainer",
            "s3.source.max.delete.ratio",
            "search.candidates",
            "search.fusion",
            "search.rerank",
            "search.rerank.model",
            "search.vector.weight",
            "tune.batch",
            "tune.epochs",
            "tune.learning.rate",
            "tune.rank");

    private Thresholds() {}

    /** @param effective {@link Settings#effective} */
    public static Map<String, String> of(Map<String, String> effective) {
        Map<String, String> thresholds = new TreeMap<>(effective);
        thresholds
                .keySet()
                .removeIf(key -> !KEYS.contains(key) && GROUPS.stream().noneMatch(key::startsWith));
        return thresholds;
    }

    static Set<String> keys() {
        return KEYS;
    }
}
