package io.palimpsest.contracts.topic;

import java.time.Duration;
import java.util.Map;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.serialization.Serde;

/**
 * A topic is a value: no stage names one by string.
 *
 * @param retention how long records stay; for compacted topics how long tombstones stay
 */
public record Topic<K, V>(
        String name, Serde<K> key, Serde<V> value, int partitions, Duration retention, Cleanup cleanup) {

    /** Kafka's {@code cleanup.policy}. */
    public enum Cleanup {
        DELETE,
        COMPACT
    }

    /** Topic-level configuration for creation. */
    public Map<String, String> config() {
        return switch (cleanup) {
            case DELETE ->
                Map.of(
                        TopicConfig.CLEANUP_POLICY_CONFIG,
                        TopicConfig.CLEANUP_POLICY_DELETE,
                        TopicConfig.RETENTION_MS_CONFIG,
                        Long.toString(retention.toMillis()));
            case COMPACT ->
                Map.of(
                        TopicConfig.CLEANUP_POLICY_CONFIG,
                        TopicConfig.CLEANUP_POLICY_COMPACT,
                        TopicConfig.DELETE_RETENTION_MS_CONFIG,
                        Long.toString(retention.toMillis()));
        };
    }
}
