package io.palimpsest.platform.stream;

import io.palimpsest.platform.config.KafkaSettings.StreamsProtocol;
import io.palimpsest.platform.config.Settings;
import io.palimpsest.platform.kafka.KafkaClients;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/**
 * How stream topologies run.
 *
 * @param bootstrapServers addresses of the broker
 * @param stateDirectory local state, under the data directory; rebuilt from the broker when lost
 * @param threads stream threads per topology
 * @param commitInterval upper bound of how long an output waits for its transaction to commit
 * @param groupProtocol {@code classic} or {@code streams}; decision 13
 * @param instance name of this process among its like, stable over restarts; empty: none. A static member of a classic
 *     group; Kafka 4.3 knows no static members of streams groups
 * @param replicationFactor copies of the topics that a topology makes for itself
 * @param clientProperties passed to every Kafka client, such as TLS settings
 */
public record StreamsSettings(
        String bootstrapServers,
        Path stateDirectory,
        int threads,
        Duration commitInterval,
        String groupProtocol,
        String instance,
        short replicationFactor,
        Map<String, Object> clientProperties) {
    public StreamsSettings {
        clientProperties = Map.copyOf(clientProperties);
    }

    /**
     * As the settings say, and what was found at the brokers.
     *
     * @param instance name of this process among its like, stable over restarts
     */
    public static StreamsSettings of(Settings settings, KafkaClients kafka, String instance) {
        Map<String, Object> client = new HashMap<>(kafka.common("streams"));
        String servers = String.valueOf(client.remove("bootstrap.servers"));
        client.remove("client.id"); // Streams names its clients itself
        return new StreamsSettings(
                servers,
                settings.dataDir().resolve("streams"),
                settings.kafka().streamsThreads(),
                Duration.ofMillis(100),
                // Without a check, what every broker has.
                kafka.settings().streamsProtocol() == StreamsProtocol.STREAMS ? "streams" : "classic",
                instance,
                settings.kafka().replicationFactor(),
                client);
    }

    public static StreamsSettings of(String bootstrapServers, Path stateDirectory) {
        return new StreamsSettings(
                bootstrapServers, stateDirectory, 1, Duration.ofMillis(100), "classic", "", (short) 1, Map.of());
    }

    public boolean streamsGroup() {
        return groupProtocol.equals("streams");
    }

    /** The properties hold secrets. */
    @Override
    public String toString() {
        return "StreamsSettings[bootstrapServers=" + bootstrapServers + ", stateDirectory=" + stateDirectory
                + ", groupProtocol=" + groupProtocol + ", clientProperties=" + clientProperties.keySet() + "]";
    }
}
