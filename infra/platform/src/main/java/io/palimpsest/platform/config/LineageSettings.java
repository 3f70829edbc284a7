package io.palimpsest.platform.config;

import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * OpenLineage events, sent by the process that runs the ledger.
 *
 * @param url where events go over HTTP, without {@code /api/v1/lineage}; empty with another transport
 * @param topic where they go over Kafka
 * @param bootstrapServers of another cluster than ours; empty: ours
 * @param namespace of jobs and datasets
 * @param window what is taken in within it is one run of an ingestion
 */
public record LineageSettings(
        Transport transport,
        Optional<URI> url,
        Secret key,
        String topic,
        Optional<String> bootstrapServers,
        String namespace,
        Duration window,
        Duration timeout) {
    /** How events travel. */
    public enum Transport {
        NONE,
        HTTP,
        KAFKA
    }

    static void define(Definition definition) {
        definition
                .group("Lineage")
                .choice(
                        "lineage.transport",
                        "none",
                        "How OpenLineage events of ingestion, index builds and trainings leave: none, http or kafka. The process"
                                + " that runs the service ledger sends them.",
                        "none",
                        "http",
                        "kafka")
                .text("lineage.url", "", "With http: address of the lineage server, before /api/v1/lineage.")
                .secret(
                        "lineage.key",
                        "With http: key, sent as a bearer token; lineage.url must be https then, or http on loopback.")
                .text("lineage.topic", "openlineage.events", "With kafka: topic of the events, as JSON.")
                .text(
                        "lineage.kafka.bootstrap.servers",
                        "",
                        "With kafka: brokers of the topic. Empty: those of kafka.bootstrap.servers, with kafka.client.*.")
                .text("lineage.namespace", "palimpsest", "Namespace of jobs and datasets.")
                .duration(
                        "lineage.window",
                        "PT1M",
                        "What a source sends within it is told as one run of its ingestion, not document by document.")
                .duration("lineage.timeout", "PT10S", "Longest wait for the server's answer to one event.");
    }

    static LineageSettings of(Values values) {
        return new LineageSettings(
                transport(values),
                values.uri("lineage.url"),
                values.secret("lineage.key"),
                values.text("lineage.topic"),
                values.optional("lineage.kafka.bootstrap.servers"),
                values.text("lineage.namespace"),
                values.duration("lineage.window"),
                values.duration("lineage.timeout"));
    }

    public boolean isOn() {
        return transport != Transport.NONE;
    }

    private static Transport transport(Values values) {
        return switch (values.text("lineage.transport")) {
            case "http" -> Transport.HTTP;
            case "kafka" -> Transport.KAFKA;
            default -> Transport.NONE;
        };
    }

    /** Why the settings cannot work together. */
    static List<String> problems(Values values) {
        List<String> problems = new ArrayList<>();
        if (transport(values) == Transport.HTTP
                && values.optional("lineage.url").isEmpty()) {
            problems.add("lineage.url: needed with lineage.transport=http");
        }
        if (transport(values) == Transport.HTTP
                && values.secret("lineage.key").isPresent()
                && values.optional("lineage.url")
                        .filter(url -> !SafeAddress.isSafe(url))
                        .isPresent()) {
            problems.add("lineage.url: must be an https: address, or http: on loopback, with lineage.key");
        }
        if (transport(values) == Transport.KAFKA && values.text("lineage.topic").isEmpty()) {
            problems.add("lineage.topic: needed with lineage.transport=kafka");
        }
        for (String key : List.of("lineage.window", "lineage.timeout")) {
            if (values.duration(key).isZero()) {
                problems.add(key + ": must be longer than nothing");
            }
        }
        return problems;
    }
}
