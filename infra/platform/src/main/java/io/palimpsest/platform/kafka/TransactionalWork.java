package io.palimpsest.platform.kafka;

import io.palimpsest.contracts.topic.Topic;
import java.util.List;
import java.util.concurrent.Future;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;

/**
 * Reads a topic in a group, and sends what comes of each batch in one transaction with the positions.
 *
 * <p>Ordering and idempotency: a batch that fails is read again, its outcome has then never been visible.
 */
public final class TransactionalWork<K, V> implements ConsumerLoop.Work<K, V> {
    private final String topic;
    private final Supplier<? extends Producer<byte[], byte[]>> producers;
    private final Step<K, V> step;
    private @Nullable Producer<byte[], byte[]> producer;

    /** What comes of a batch; throws to have it read again. */
    @FunctionalInterface
    public interface Step<K, V> {
        List<ProducerRecord<byte[], byte[]>> outcome(ConsumerRecords<K, V> records);
    }

    /** @param producers of a transactional producer, whose making fences the one before */
    public TransactionalWork(String topic, Supplier<? extends Producer<byte[], byte[]>> producers, Step<K, V> step) {
        this.topic = topic;
        this.producers = producers;
        this.step = step;
    }

    /** The record as the topic's serializers write it. */
    public static <K, V> ProducerRecord<byte[], byte[]> bytes(Topic<K, V> topic, ProducerRecord<K, V> record) {
        return new ProducerRecord<>(
                topic.name(),
                null,
                topic.key().serializer().serialize(topic.name(), record.key()),
                topic.value().serializer().serialize(topic.name(), record.value()),
                record.headers());
    }

    @Override
    public void begin(Consumer<K, V> consumer) {
        producer = producers.get();
        producer.initTransactions();
        consumer.subscribe(List.of(topic));
    }

    @Override
    public void polled(ConsumerRecords<K, V> records, Consumer<K, V> consumer) {
        Producer<byte[], byte[]> out = producer;
        if (out == null || records.isEmpty()) {
            return;
        }
        List<ProducerRecord<byte[], byte[]>> outcome = step.outcome(records);
        out.beginTransaction();
        for (ProducerRecord<byte[], byte[]> record : outcome) {
            Future<?> unused = out.send(record); // the commit fails when a send did
        }
        out.sendOffsetsToTransaction(records.nextOffsets(), consumer.groupMetadata());
        out.commitTransaction();
    }

    @Override
    public void close() {
        if (producer != null) {
            producer.close();
        }
    }
}
