package io.palimpsest.platform.config;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Training.
 *
 * @param timeLimit of one training
 * @param silenceLimit longest time without a sign of life
 * @param memoryMib of a trainer's process, its children included
 * @param command a program that trains; none where empty
 * @param endpoint where generators are fine-tuned; none where empty
 */
public record TuneSettings(
        Duration timeLimit,
        Duration silenceLimit,
        int memoryMib,
        int threads,
        int checkpointSteps,
        int rank,
        double learningRate,
        int epochs,
        int batch,
        int maxTokens,
        Optional<Path> command,
        Optional<URI> endpoint,
        Secret endpointKey,
        String endpointModel) {
    static void define(Definition definition) {
        definition
                .group("Tune")
                .duration("tune.time.limit", "PT2H", "Longest time of one training.")
                .duration("tune.silence.limit", "PT5M", "Longest time that a trainer may say nothing.")
                .integer(
                        "tune.memory.mib",
                        6_144,
                        64,
                        16_777_216,
                        "Resident memory of a trainer's process and its children; over it, it is ended.")
                .integer("tune.threads", 2, 1, 256, "Threads of a training; it runs at the lowest priority.")
                .integer("tune.checkpoint.steps", 10, 1, 1_000_000, "Steps between two checkpoints.")
                .integer("tune.rank", 8, 1, 64, "Rank of LoRA's matrices; alpha is twice the rank.")
                .ratio("tune.learning.rate", 3e-4, 1e-7, 1, "Learning rate of LoRA at its highest.")
                .integer("tune.epochs", 4, 1, 10_000, "How often LoRA sees each query, if nothing stops it early.")
                .integer("tune.batch", 32, 2, 1_024, "Queries of a step of LoRA.")
                .integer("tune.max.tokens", 64, 8, 512, "Tokens of a text in training; longer ones are cut.")
                .text("tune.command", "", "Program that trains instead, see the user guide; empty: none.")
                .text(
                        "tune.endpoint",
                        "",
                        "Address of an OpenAI-compatible API that fine-tunes generators, without /fine_tuning. Training"
                                + " texts are sent there.")
                .secret("tune.endpoint.key", "Key of the endpoint.")
                .text("tune.endpoint.model", "", "Model that the endpoint starts from.");
    }

    static TuneSettings of(Values values) {
        return new TuneSettings(
                values.duration("tune.time.limit"),
                values.duration("tune.silence.limit"),
                values.integer("tune.memory.mib"),
                values.integer("tune.threads"),
                values.integer("tune.checkpoint.steps"),
                values.integer("tune.rank"),
                values.ratio("tune.learning.rate"),
                values.integer("tune.epochs"),
                values.integer("tune.batch"),
                values.integer("tune.max.tokens"),
                values.path("tune.command"),
                values.uri("tune.endpoint"),
                values.secret("tune.endpoint.key"),
                values.text("tune.endpoint.model"));
    }

    /** Why the settings cannot work together. */
    static List<String> problems(Values values) {
        List<String> problems = new ArrayList<>();
        for (String key : List.of("tune.time.limit", "tune.silence.limit")) {
            if (values.duration(key).isZero()) {
                problems.add(key + ": must be longer than nothing");
            }
        }
        if (values.optional("tune.endpoint").isPresent()
                && values.optional("tune.endpoint.model").isEmpty()) {
            problems.add("tune.endpoint.model: needed with tune.endpoint");
        }
        return problems;
    }
}
