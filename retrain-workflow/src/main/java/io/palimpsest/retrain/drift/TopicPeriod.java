package io.palimpsest.retrain.drift;

import io.palimpsest.contracts.topic.Topic;
import io.palimpsest.platform.kafka.FollowedGroup;
import io.palimpsest.platform.kafka.KafkaClients;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;

/**
 * Reads what a topic holds of one collection, from a moment to what is its end now, in no group.
 *
 * <p>Threading: safe; each call has a consumer of its own. Failure: Kafka's exceptions.
 */
final class TopicPeriod {
    private static final Duration POLL = Duration.ofMillis(500);

    private final KafkaClients kafka;

    TopicPeriod(KafkaClients kafka) {
        this.kafka = kafka;
    }

    /**
     * What cannot be read is left out.
     *
     * @param each called in order within a partition, until it answers that it wants no more
     */
    <V> void read(Topic<String, V> topic, String collection, Instant from, Predicate<V> each) {
        try (KafkaConsumer<String, byte[]> consumer = open()) {
            List<TopicPartition> partitions = FollowedGroup.partitions(topic);
            consumer.assign(partitions);
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            Map<TopicPartition, Long> wanted = new HashMap<>();
            partitions.forEach(partition -> wanted.put(partition, Math.max(0, from.toEpochMilli())));
            Map<TopicPartition, OffsetAndTimestamp> begins = consumer.offsetsForTimes(wanted);
            for (TopicPartition partition : partitions) {
                OffsetAndTimestamp begin = begins.get(partition);
                consumer.seek(partition, begin == null ? ends.getOrDefault(partition, 0L) : begin.offset());
            }
            while (ends.entrySet().stream().anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
                for (ConsumerRecord<String, byte[]> record : consumer.poll(POLL)) {
                    if (!offer(topic, collection, record, each)) {
                        return;
                    }
                }
            }
        }
    }

    /** When the newest record of each collection came, of the last ones in each partition. */
    Map<String, Instant> newest(Topic<String, ?> topic, int last) {
        Map<String, Instant> newest = new HashMap<>();
        try (KafkaConsumer<String, byte[]> consumer = open()) {
            List<TopicPartition> partitions = FollowedGroup.partitions(topic);
            consumer.assign(partitions);
            Map<TopicPartition, Long> begins = consumer.beginningOffsets(partitions);
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            ends.forEach((partition, end) ->
                    consumer.seek(partition, Math.max(begins.getOrDefault(partition, 0L), end - last)));
            while (ends.entrySet().stream().anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
                for (ConsumerRecord<String, byte[]> record : consumer.poll(POLL)) {
                    if (record.key() != null) {
                        newest.merge(
                                record.key(), Instant.ofEpochMilli(record.timestamp()), (a, b) -> a.isAfter(b) ? a : b);
                    }
                }
            }
        }
        return newest;
    }

    private static <V> boolean offer(
            Topic<String, V> topic, String collection, ConsumerRecord<String, byte[]> record, Predicate<V> each) {
        if (!collection.equals(record.key()) || record.value() == null) {
            return true;
        }
        V value;
        try {
            value = topic.value().deserializer().deserialize(topic.name(), record.value());
        } catch (RuntimeException e) { // whatever Jackson makes of bytes that are not ours
            return true;
        }
        return each.test(value);
    }

    private KafkaConsumer<String, byte[]> open() {
        Map<String, Object> properties = new HashMap<>(kafka.consumer("drift-reference", "unused"));
        properties.remove(ConsumerConfig.GROUP_ID_CONFIG);
        return new KafkaConsumer<>(properties, new StringDeserializer(), new ByteArrayDeserializer());
    }
}
