package io.palimpsest.platform.config;

import java.util.Map;

/**
 * Where Kafka is, and how we use it.
 *
 * @param bootstrapServers empty: the broker inside this JVM
 * @param client passed to every Kafka client as it is: the keys under {@code kafka.client.}
 */
public record KafkaSettings(
        String bootstrapServers,
        int embeddedPort,
        short replicationFactor,
        int streamsThreads,
        Map<String, String> client) {
    static final String CLIENT_PREFIX = "kafka.client.";

    public KafkaSettings {
        client = Map.copyOf(client);
    }

    public boolean isEmbedded() {
        return bootstrapServers.isEmpty();
    }

    /** The same, at the given brokers: for the broker inside the JVM once its port is known. */
    public KafkaSettings at(String servers) {
        return new KafkaSettings(servers, embeddedPort, replicationFactor, streamsThreads, client);
    }

    KafkaSettings with(Map<String, String> passedThrough) {
        return new KafkaSettings(bootstrapServers, embeddedPort, replicationFactor, streamsThreads, passedThrough);
    }

    /** Values may be secrets. */
    @Override
    public String toString() {
        return "KafkaSettings[bootstrapServers=" + bootstrapServers + ", embeddedPort=" + embeddedPort
                + ", replicationFactor=" + replicationFactor + ", client=" + client.keySet() + "]";
    }

    static void define(Definition definition) {
        definition
                .group("Kafka")
                .text(
                        "kafka.bootstrap.servers",
                        "",
                        "Addresses of the Kafka brokers, host:port, comma-separated. Empty: the broker inside this JVM.")
                .integer(
                        "kafka.embedded.port",
                        9092,
                        0,
                        65_535,
                        "Port of the broker inside this JVM, on 127.0.0.1. 0: any free one.")
                .integer("kafka.replication.factor", 1, 1, 100, "Copies of each topic that is created; 3 on a cluster.")
                .integer("kafka.streams.threads", 1, 1, 64, "Threads of each stream topology.");
    }

    static KafkaSettings of(Values values) {
        return new KafkaSettings(
                values.text("kafka.bootstrap.servers"),
                values.integer("kafka.embedded.port"),
                (short) values.integer("kafka.replication.factor"),
                values.integer("kafka.streams.threads"),
                Map.of());
    }
}
