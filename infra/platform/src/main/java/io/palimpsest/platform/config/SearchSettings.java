package io.palimpsest.platform.config;

import java.net.URI;
import java.util.Optional;

/**
 * Search.
 */
public record SearchSettings(
        Fusion fusion,
        double vectorWeight,
        boolean rerank,
        Optional<URI> rerankEndpoint,
        Secret rerankKey,
        String rerankModel,
        int candidates) {
    /** How the legs are joined. */
    public enum Fusion {
        SCORES,
        RANKS
    }

    static void define(Definition definition) {
        definition
                .group("Search")
                .choice(
                        "search.fusion",
                        "scores",
                        "How vector and keyword results are joined: normalised scores, or reciprocal ranks.",
                        "scores",
                        "ranks")
                .ratio("search.vector.weight", 0.6, 0, 1, "Weight of the vector leg; the keyword leg has the rest.")
                .flag("search.rerank", false, "Whether results are reranked unless the request says otherwise.")
                .text(
                        "search.rerank.endpoint",
                        "",
                        "Address of a /rerank endpoint to use instead of the reranker in process.")
                .secret("search.rerank.key", "Key of the endpoint.")
                .text("search.rerank.model", "", "Model name at the endpoint.")
                .integer("search.candidates", 100, 10, 10_000, "Results taken from each leg before they are joined.");
    }

    static SearchSettings of(Values values) {
        return new SearchSettings(
                Fusion.valueOf(values.text("search.fusion").toUpperCase(java.util.Locale.ROOT)),
                values.ratio("search.vector.weight"),
                values.flag("search.rerank"),
                values.uri("search.rerank.endpoint"),
                values.secret("search.rerank.key"),
                values.text("search.rerank.model"),
                values.integer("search.candidates"));
    }
}
