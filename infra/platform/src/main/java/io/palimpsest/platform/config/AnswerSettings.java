package io.palimpsest.platform.config;

import java.net.URI;
import java.time.Duration;
import java.util.Optional;

/**
 * Answers.
 */
public record AnswerSettings(
        Optional<URI> endpoint, Secret endpointKey, String endpointModel, int contextTokens, Duration timeout) {
    static void define(Definition definition) {
        definition
                .group("Answer")
                .text(
                        "answer.endpoint",
                        "",
                        "Address of an OpenAI-compatible chat endpoint. Empty: extractive answers in process.")
                .secret("answer.endpoint.key", "Key of the endpoint.")
                .text("answer.endpoint.model", "", "Model name at the endpoint.")
                .integer(
                        "answer.context.tokens",
                        2_048,
                        64,
                        1_000_000,
                        "Most tokens of passages an answer is made from.")
                .number("answer.timeout.ms", 60_000, 1, "Longest wait for the endpoint.");
    }

    static AnswerSettings of(Values values) {
        return new AnswerSettings(
                values.uri("answer.endpoint"),
                values.secret("answer.endpoint.key"),
                values.text("answer.endpoint.model"),
                values.integer("answer.context.tokens"),
                values.millis("answer.timeout.ms"));
    }
}
