package io.palimpsest.platform.kafka;

import io.palimpsest.contracts.topic.Topic;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Future;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.function.ToLongFunction;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * Reads a topic in a group, and sends what comes of each batch in one transaction with the positions.
 *
 * <p>Ordering and idempotency: a batch that fails is read again, its outcome has then never been visible. The positions
 * of batches of which nothing comes go with the next outcome, or alone after a second: a transaction costs more than
 * reading such records again.
 */
public final class TransactionalWork<K, V> implements ConsumerLoop.Work<K, V> {
    private static final long LONGEST_PENDING_NANOS = Duration.ofSeconds(1).toNanos();

    private final List<String> topics;
    private final Supplier<? extends Producer<byte[], byte[]>> producers;
    private final Step<K, V> step;
    private final Share<K, V> share;
    private final LongSupplier nanoTime;
    private final Map<TopicPartition, OffsetAndMetadata> pending = new HashMap<>();
    private long pendingSinceNanos;
    private @Nullable Producer<byte[], byte[]> producer;

    /** What comes of a batch; throws to have it read again. */
    @FunctionalInterface
    public interface Step<K, V> {
        List<ProducerRecord<byte[], byte[]>> outcome(ConsumerRecords<K, V> records);
    }

    /**
     * How much of what was polled goes in one step, and so in one transaction.
     *
     * @param weight of a record, 0 or more
     * @param most a step's records weigh this together, or are a single one that weighs more
     */
    public record Share<K, V>(ToLongFunction<ConsumerRecord<K, V>> weight, long most) {
        static <K, V> Share<K, V> all() {
            return new Share<>(record -> 0, Long.MAX_VALUE);
        }
    }

    /**
     * All that was polled is one step.
     *
     * @param producers of a transactional producer, whose making fences the one before
     */
    public TransactionalWork(String topic, Supplier<? extends Producer<byte[], byte[]>> producers, Step<K, V> step) {
        this(topic, producers, Share.all(), step);
    }

    /** @param producers of a transactional producer, whose making fences the one before */
    public TransactionalWork(
            String topic, Supplier<? extends Producer<byte[], byte[]>> producers, Share<K, V> share, Step<K, V> step) {
        this(topic, producers, share, step, System::nanoTime);
    }

    /**
     * Reads several topics in one group; all that was polled is one step.
     *
     * @param producers of a transactional producer, whose making fences the one before
     */
    public TransactionalWork(
            List<String> topics, Supplier<? extends Producer<byte[], byte[]>> producers, Step<K, V> step) {
        this(topics, producers, Share.all(), step, System::nanoTime);
    }

    TransactionalWork(
            String topic,
            Supplier<? extends Producer<byte[], byte[]>> producers,
            Share<K, V> share,
            Step<K, V> step,
            LongSupplier nanoTime) {
        this(List.of(topic), producers, share, step, nanoTime);
    }

    private TransactionalWork(
            List<String> topics,
            Supplier<? extends Producer<byte[], byte[]>> producers,
            Share<K, V> share,
            Step<K, V> step,
            LongSupplier nanoTime) {
        this.topics = List.copyOf(topics);
        this.producers = producers;
        this.share = share;
        this.step = step;
        this.nanoTime = nanoTime;
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
        consumer.subscribe(topics, new ConsumerRebalanceListener() {
            @Override
            public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
                if (!pending.isEmpty()) {
                    commit(List.of(), consumer);
                }
            }

            @Override
            public void onPartitionsLost(Collection<TopicPartition> partitions) {
                // Another member has them, and a position of its own: ours would set it back.
                pending.keySet().removeAll(partitions);
            }

            @Override
            public void onPartitionsAssigned(Collection<TopicPartition> partitions) {}
        });
    }

    @Override
    public void polled(ConsumerRecords<K, V> records, Consumer<K, V> consumer) {
        for (ConsumerRecords<K, V> part : parts(records)) {
            List<ProducerRecord<byte[], byte[]>> outcome = step.outcome(part);
            if (pending.isEmpty()) {
                pendingSinceNanos = nanoTime.getAsLong();
            }
            pending.putAll(part.nextOffsets());
            if (!outcome.isEmpty()) {
                commit(outcome, consumer);
            }
        }
        if (!pending.isEmpty() && nanoTime.getAsLong() - pendingSinceNanos >= LONGEST_PENDING_NANOS) {
            commit(List.of(), consumer);
        }
    }

    private void commit(List<ProducerRecord<byte[], byte[]>> outcome, Consumer<K, V> consumer) {
        Producer<byte[], byte[]> out = producer;
        if (out == null) { // closed: what is pending is read again
            return;
        }
        out.beginTransaction();
        for (ProducerRecord<byte[], byte[]> record : outcome) {
            Future<?> unused = out.send(record); // the commit fails when a send did
        }
        out.sendOffsetsToTransaction(Map.copyOf(pending), consumer.groupMetadata());
        out.commitTransaction();
        pending.clear();
    }

    /** Cut where the running weight would pass the share; each record's partition keeps its order. */
    private List<ConsumerRecords<K, V>> parts(ConsumerRecords<K, V> records) {
        List<ConsumerRecords<K, V>> parts = new ArrayList<>();
        Map<TopicPartition, List<ConsumerRecord<K, V>>> part = new HashMap<>();
        long sum = 0;
        for (ConsumerRecord<K, V> record : records) {
            long weight = share.weight().applyAsLong(record);
            if (weight > 0 && sum > 0 && sum + weight > share.most()) {
                parts.add(new ConsumerRecords<>(part, nextOffsets(part)));
                part = new HashMap<>();
                sum = 0;
            }
            sum += weight;
            part.computeIfAbsent(new TopicPartition(record.topic(), record.partition()), p -> new ArrayList<>())
                    .add(record);
        }
        if (!part.isEmpty()) {
            // The poll's own positions: they may lie behind markers that are no records.
            parts.add(new ConsumerRecords<>(part, records.nextOffsets()));
        }
        return parts;
    }

    private static <K, V> Map<TopicPartition, OffsetAndMetadata> nextOffsets(
            Map<TopicPartition, List<ConsumerRecord<K, V>>> part) {
        Map<TopicPartition, OffsetAndMetadata> next = new HashMap<>();
        part.forEach((partition, records) -> next.put(
                partition,
                new OffsetAndMetadata(
                        records.getLast().offset() + 1, records.getLast().leaderEpoch(), "")));
        return next;
    }

    @Override
    public void close() {
        if (producer != null) {
            producer.close();
            producer = null;
        }
    }
}
