package io.palimpsest.ingest.stream;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;

/**
 * How stream topologies run.
 *
 * @param bootstrapServers addresses of the broker
 * @param stateDirectory local state, under the data directory; rebuilt from the broker when lost
 * @param threads stream threads per topology
 * @param commitInterval upper bound of how long an output waits for its transaction to commit
 * @param groupProtocol {@code classic} or {@code streams} (quicker starts, needs a broker that is set up for it)
 * @param clientProperties passed to every Kafka client, such as TLS settings
 */
public record StreamsSettings(
        String bootstrapServers,
        Path stateDirectory,
        int threads,
        Duration commitInterval,
        String groupProtocol,
        Map<String, Object> clientProperties) {
    public StreamsSettings {
        clientProperties = Map.copyOf(clientProperties);
    }

    public static StreamsSettings of(String bootstrapServers, Path stateDirectory) {
        return new StreamsSettings(bootstrapServers, stateDirectory, 1, Duration.ofMillis(100), "classic", Map.of());
    }
}
