package io.palimpsest.platform.config;

import java.time.Duration;
import java.util.Locale;
import java.util.Map;

/**
 * Where Kafka is, and how we use it.
 *
 * @param bootstrapServers empty: the broker inside this JVM
 * @param startTimeout how long a start waits for Kafka
 * @param lagInterval how often the lag of the groups is computed; zero: never
 * @param client passed to every Kafka client as it is: the keys under {@code kafka.client.}
 */
public record KafkaSettings(
        String bootstrapServers,
        int embeddedPort,
        short replicationFactor,
        Duration startTimeout,
        int streamsThreads,
        StreamsProtocol streamsProtocol,
        Duration lagInterval,
        Map<String, String> client) {
    static final String CLIENT_PREFIX = "kafka.client.";

    /** How the instances of a stream topology find together. */
    public enum StreamsProtocol {
        /** What serves better at the brokers found. */
        AUTO,
        /** As a consumer group whose members divide the tasks. */
        CLASSIC,
        /** As a streams group, to whose members the broker gives the tasks. */
        STREAMS
    }

    public KafkaSettings {
        client = Map.copyOf(client);
    }

    public boolean isEmbedded() {
        return bootstrapServers.isEmpty();
    }

    /** The same, at the given brokers: for the broker inside the JVM once its port is known. */
    public KafkaSettings at(String servers) {
        return new KafkaSettings(
                servers,
                embeddedPort,
                replicationFactor,
                startTimeout,
                streamsThreads,
                streamsProtocol,
                lagInterval,
                client);
    }

    /** The same with a protocol chosen. */
    public KafkaSettings with(StreamsProtocol chosen) {
        return new KafkaSettings(
                bootstrapServers,
                embeddedPort,
                replicationFactor,
                startTimeout,
                streamsThreads,
                chosen,
                lagInterval,
                client);
    }

    KafkaSettings with(Map<String, String> passedThrough) {
        return new KafkaSettings(
                bootstrapServers,
                embeddedPort,
                replicationFactor,
                startTimeout,
                streamsThreads,
                streamsProtocol,
                lagInterval,
                passedThrough);
    }

    /** {@code kafka.client.security.protocol}, or Kafka's default. */
    public String securityProtocol() {
        return client.getOrDefault("security.protocol", "PLAINTEXT").strip().toUpperCase(Locale.ROOT);
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
                .integer(
                        "kafka.replication.factor",
                        1,
                        1,
                        100,
                        "Copies of each topic that is created; 3 on a cluster. All but one must have a record before it"
                                + " counts as written (of 1 or 2 copies: one).")
                .duration(
                        "kafka.start.timeout",
                        "PT30S",
                        "How long a start waits for Kafka to answer before it fails and says why.")
                .integer("kafka.streams.threads", 1, 1, 64, "Threads of each stream topology.")
                .choice(
                        "kafka.streams.protocol",
                        "auto",
                        "How instances of a stream topology divide the work: classic, streams (given out by the brokers), or"
                                + " auto: streams where the brokers notice a killed instance as soon as with classic.",
                        "auto",
                        "classic",
                        "streams")
                .duration(
                        "kafka.lag.interval",
                        "PT15S",
                        "How often the lag of the consumer groups is computed for the metrics. PT0S: never.");
    }

    static KafkaSettings of(Values values) {
        return new KafkaSettings(
                values.text("kafka.bootstrap.servers"),
                values.integer("kafka.embedded.port"),
                (short) values.integer("kafka.replication.factor"),
                values.duration("kafka.start.timeout"),
                values.integer("kafka.streams.threads"),
                StreamsProtocol.valueOf(values.text("kafka.streams.protocol").toUpperCase(Locale.ROOT)),
                values.duration("kafka.lag.interval"),
                Map.of());
    }
}
