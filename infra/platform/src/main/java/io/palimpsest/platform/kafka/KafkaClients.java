package io.palimpsest.platform.kafka;

import io.palimpsest.platform.config.KafkaSettings;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;

/**
 * Properties of our Kafka clients: where the brokers are, what the operator passes through ({@code kafka.client.*}),
 * and what our guarantees need, which the operator cannot take away.
 */
public final class KafkaClients {
    /** The least that brokers allow by default. */
    private static final int SESSION_TIMEOUT_MILLIS = 6000;
    /**
     * So long readers wait for the transaction of a process that was killed and is not started again; ours take
     * milliseconds. As Kafka Streams has it.
     */
    private static final int TRANSACTION_TIMEOUT_MILLIS = 10_000;

    private final KafkaSettings settings;

    public KafkaClients(KafkaSettings settings) {
        this.settings = settings;
    }

    /** Those given, with what was found at the brokers. */
    public KafkaSettings settings() {
        return settings;
    }

    /** Of an admin client, and the base of Kafka Streams' properties. */
    public Map<String, Object> common(String clientId) {
        Map<String, Object> properties = new HashMap<>(settings.client());
        properties.put(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG, settings.bootstrapServers());
        properties.put(CommonClientConfigs.CLIENT_ID_CONFIG, clientId);
        return properties;
    }

    /** Idempotent: each record once and in order, whatever is sent again. */
    public Map<String, Object> producer(String clientId) {
        Map<String, Object> properties = common(clientId);
        properties.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
        properties.put(ProducerConfig.ACKS_CONFIG, "all");
        return properties;
    }

    /** As {@link #producer}, for callers that wait for each record: none would come to share a request with. */
    public Map<String, Object> promptProducer(String clientId) {
        Map<String, Object> properties = producer(clientId);
        properties.putIfAbsent(ProducerConfig.LINGER_MS_CONFIG, 0);
        return properties;
    }

    /** @param transactionalId stable over restarts, one per instance: fences the previous life */
    public Map<String, Object> transactionalProducer(String clientId, String transactionalId) {
        Map<String, Object> properties = producer(clientId);
        properties.put(ProducerConfig.TRANSACTIONAL_ID_CONFIG, transactionalId);
        properties.putIfAbsent(ProducerConfig.TRANSACTION_TIMEOUT_CONFIG, TRANSACTION_TIMEOUT_MILLIS);
        return properties;
    }

    /** Reads only what was committed, from the start when the group is new; positions are committed by the caller. */
    public Map<String, Object> consumer(String clientId, String groupId) {
        Map<String, Object> properties = common(clientId);
        properties.put(ConsumerConfig.GROUP_ID_CONFIG, groupId);
        // A deleted topic must not come back by our asking, with another number of partitions.
        properties.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
        // With the default of 45 s the group would wait that long for a process that was killed.
        properties.put(ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG, SESSION_TIMEOUT_MILLIS);
        properties.put(ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG, SESSION_TIMEOUT_MILLIS / 4);
        properties.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
        properties.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        properties.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
        return properties;
    }

    /**
     * As {@link #consumer}, a static member of its group: restarted under the same name, even after a kill, it takes its
     * partitions back at once instead of waiting for its former self to time out.
     *
     * @param instance name of the process among its like, stable over restarts
     */
    public Map<String, Object> staticConsumer(String clientId, String groupId, String instance) {
        Map<String, Object> properties = consumer(clientId, groupId);
        properties.put(ConsumerConfig.GROUP_INSTANCE_ID_CONFIG, clientId + "-" + instance);
        return properties;
    }

    /**
     * Of a share group's consumer with explicit acknowledgement. Isolation and the start position of a share group are
     * settings of the group on the broker: see {@link ShareGroup#ensure}.
     */
    public Map<String, Object> shareConsumer(String clientId, String groupId) {
        Map<String, Object> properties = common(clientId);
        properties.put(ConsumerConfig.GROUP_ID_CONFIG, groupId);
        properties.put(ConsumerConfig.SHARE_ACKNOWLEDGEMENT_MODE_CONFIG, "explicit");
        return properties;
    }
}
