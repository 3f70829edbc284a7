package io.palimpsest.platform.config;

import java.net.URI;
import java.util.Optional;

/**
 * Embedding.
 */
public record EmbedSettings(
        Precision precision,
        int threads,
        Optional<URI> endpoint,
        Secret endpointKey,
        String endpointModel,
        int endpointDimensions,
        int endpointMaxTokens) {
    /** Of the model in process. */
    public enum Precision {
        FP32,
        INT8
    }

    static void define(Definition definition) {
        definition
                .group("Embed")
                .choice(
                        "embed.model",
                        "fp32",
                        "Precision of the embedding model in process: fp32, or int8 (faster, slightly less exact). One per generation.",
                        "fp32",
                        "int8")
                .integer("embed.threads", 2, 1, 256, "Threads of the embedding model in process.")
                .text("embed.endpoint", "", "Address of an OpenAI-compatible embeddings endpoint to use instead.")
                .secret("embed.endpoint.key", "Key of the endpoint.")
                .text("embed.endpoint.model", "", "Model name at the endpoint.")
                .integer("embed.endpoint.dimensions", 384, 1, 1_024, "Length of the vectors that the endpoint gives.")
                .integer(
                        "embed.endpoint.max.tokens",
                        512,
                        16,
                        1_000_000,
                        "Longest text the endpoint takes, in its tokens.");
    }

    static EmbedSettings of(Values values) {
        return new EmbedSettings(
                Precision.valueOf(values.text("embed.model").toUpperCase(java.util.Locale.ROOT)),
                values.integer("embed.threads"),
                values.uri("embed.endpoint"),
                values.secret("embed.endpoint.key"),
                values.text("embed.endpoint.model"),
                values.integer("embed.endpoint.dimensions"),
                values.integer("embed.endpoint.max.tokens"));
    }
}
