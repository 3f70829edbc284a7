package io.palimpsest.testkit.engine;

import java.util.Map;
import java.util.Optional;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.kafka.KafkaContainer;

/**
 * A Kafka broker that speaks plaintext and has share groups.
 *
 * @param bootstrapServers {@code host:port}, several with commas between
 */
public record KafkaEngine(String bootstrapServers, Optional<GenericContainer<?>> container) implements Engine {
    /** Broker and controller in one; no replication, and groups that form at once. */
    static final Map<String, String> ALONE = Map.of(
            "KAFKA_SHARE_COORDINATOR_STATE_TOPIC_REPLICATION_FACTOR", "1",
            "KAFKA_SHARE_COORDINATOR_STATE_TOPIC_MIN_ISR", "1",
            "KAFKA_SHARE_COORDINATOR_STATE_TOPIC_NUM_PARTITIONS", "3",
            "KAFKA_TRANSACTION_STATE_LOG_NUM_PARTITIONS", "3",
            "KAFKA_GROUP_STREAMS_INITIAL_REBALANCE_DELAY_MS", "0");

    /** For brokers that live for minutes beside what is tested: little memory, and no optimising compiler. */
    static final Map<String, String> SMALL = Map.of(
            "KAFKA_HEAP_OPTS", "-Xms128m -Xmx384m",
            "KAFKA_JVM_PERFORMANCE_OPTS", "-XX:+UseSerialGC -XX:TieredStopAtLevel=1");

    /** The one given by address, otherwise one in a container. */
    public static KafkaEngine start() {
        return EngineKind.KAFKA
                .address()
                .map(address -> new KafkaEngine(address, Optional.empty()))
                .orElseGet(() -> startContainer(Map.of()));
    }

    /**
     * One of the test's own, for what others must not feel.
     *
     * @param settings variables {@code KAFKA_...}, as the official image reads them
     */
    public static KafkaEngine startContainer(Map<String, String> settings) {
        KafkaContainer container =
                Containers.start(new KafkaContainer(EngineKind.KAFKA.image()).withEnv(ALONE), settings);
        return new KafkaEngine(container.getBootstrapServers(), Optional.of(container));
    }

    /** Of Palimpsest, so that it uses this one. */
    public Map<String, String> settings() {
        return Map.of("kafka.bootstrap.servers", bootstrapServers);
    }
}
