package io.palimpsest.platform.kafka;

import io.palimpsest.contracts.topic.Topic;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** What is on topics now, from their beginnings; in order within a partition. */
public final class TopicRecords {
    private static final Duration POLL = Duration.ofMillis(200);

    private TopicRecords() {}

    /** @param consumer properties of one: where the brokers are, and whether what was not committed counts */
    public static <K, V> List<ConsumerRecord<K, V>> of(Topic<K, V> topic, Map<String, Object> consumer) {
        try (KafkaConsumer<K, V> open = new KafkaConsumer<>(
                consumer, topic.key().deserializer(), topic.value().deserializer())) {
            return read(open, List.of(topic.name()));
        }
    }

    /** As bytes. */
    public static List<ConsumerRecord<byte[], byte[]>> of(List<String> topics, Map<String, Object> consumer) {
        try (KafkaConsumer<byte[], byte[]> open =
                new KafkaConsumer<>(consumer, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            return read(open, topics);
        }
    }

    private static <K, V> List<ConsumerRecord<K, V>> read(KafkaConsumer<K, V> consumer, List<String> topics) {
        List<TopicPartition> partitions = topics.stream()
                .flatMap(topic -> consumer.partitionsFor(topic).stream())
                .map(partition -> new TopicPartition(partition.topic(), partition.partition()))
                .toList();
        consumer.assign(partitions);
        consumer.seekToBeginning(partitions);
        Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
        List<ConsumerRecord<K, V>> records = new ArrayList<>();
        while (ends.entrySet().stream().anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
            consumer.poll(POLL).forEach(records::add);
        }
        return records;
    }
}
