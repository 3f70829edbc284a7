package io.palimpsest.ingest.timeline;

import io.palimpsest.contracts.error.ErrorCode;
import io.palimpsest.contracts.error.PalimpsestException;
import io.palimpsest.contracts.topic.Topic;
import io.palimpsest.contracts.topic.Topics;
import io.palimpsest.ingest.database.Columns;
import io.palimpsest.ingest.erase.LateRecords;
import io.palimpsest.platform.database.Sql;
import io.palimpsest.platform.kafka.ConsumerLoop;
import io.palimpsest.platform.kafka.KafkaClients;
import io.palimpsest.platform.retry.BackOff;
import java.io.UncheckedIOException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Follows every document topic and keeps the timeline's tables.
 *
 * <p>Threading: the thread of its {@link #loop}. Ordering and idempotency: the read
 * position is kept in the tables, in the same transaction as what was read, so each record counts exactly once, whatever
 * is killed. Failure: a failing database or broker is waited for.
 */
public final class TimelineProjector {
    public static final String GROUP = "palimpsest-timeline";

    private static final Logger LOG = LoggerFactory.getLogger(TimelineProjector.class);
    private static final ConsumerLoop.Pace PACE = new ConsumerLoop.Pace(
            "timeline", Duration.ofMillis(500), BackOff.constant(Duration.ofSeconds(1)), Duration.ofSeconds(10));
    private static final Map<String, Topic<?, ?>> FOLLOWED = followed();

    private final KafkaClients kafka;
    private final Sql sql;
    private final LateRecords late;
    private final String instance;

    /** @param instance name of this process among its like, stable over restarts */
    public TimelineProjector(KafkaClients kafka, Sql sql, LateRecords late, String instance) {
        this.instance = instance;
        this.kafka = kafka;
        this.sql = sql;
        this.late = late;
    }

    /** One that is not started yet. */
    public ConsumerLoop<byte[], byte[]> loop() {
        return new ConsumerLoop<>(PACE, this::open, Following::new);
    }

    private Consumer<byte[], byte[]> open() {
        Map<String, Object> properties = new HashMap<>(kafka.staticConsumer("timeline", GROUP, instance));
        properties.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, 1000);
        return new KafkaConsumer<>(properties, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }

    private final class Following implements ConsumerLoop.Work<byte[], byte[]> {
        private final Followed followed = new Followed(sql);

        @Override
        public void begin(Consumer<byte[], byte[]> open) {
            open.subscribe(FOLLOWED.keySet(), new ConsumerRebalanceListener() {
                @Override
                public void onPartitionsRevoked(Collection<TopicPartition> partitions) {}

                @Override
                public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
                    seek(open, partitions);
                }
            });
        }

        @Override
        public void polled(ConsumerRecords<byte[], byte[]> records, Consumer<byte[], byte[]> open) {
            if (!records.isEmpty()) {
                Map<TopicPartition, OffsetAndMetadata> next = project(records);
                open.commitAsync(next, null); // only for the operator's lag tools: the tables hold the truth
            }
            followed.note(open);
        }
    }

    private Map<TopicPartition, OffsetAndMetadata> project(ConsumerRecords<byte[], byte[]> records) {
        List<Object> facts = new ArrayList<>(records.count());
        Map<TopicPartition, OffsetAndMetadata> next = records.nextOffsets();
        for (ConsumerRecord<byte[], byte[]> record : records) {
            Object fact = fact(record);
            if (fact != null) {
                facts.add(fact);
            }
        }
        // Instances share the rows of documents and the counts.
        sql.inTurn("projection_position", transaction -> {
            movePositions(transaction, records, next);
            TimelineBatch batch = new TimelineBatch(transaction);
            batch.apply(facts);
            boolean unused = late.removeAll(transaction, batch.documents());
            return null;
        });
        return next;
    }

    /** Fails when another instance has moved on from where this batch begins: then this one must not count it too. */
    private static void movePositions(
            Sql.Transaction transaction,
            ConsumerRecords<byte[], byte[]> records,
            Map<TopicPartition, OffsetAndMetadata> next)
            throws SQLException {
        for (Map.Entry<TopicPartition, OffsetAndMetadata> entry : next.entrySet()) {
            TopicPartition partition = entry.getKey();
            List<ConsumerRecord<byte[], byte[]>> batch = records.records(partition);
            long first = batch.isEmpty()
                    ? entry.getValue().offset()
                    : batch.getFirst().offset();
            int moved = transaction.update(
                    "INSERT INTO projection_position (topic, partition_no, next_offset) VALUES (?, ?, ?)"
                            + " ON CONFLICT (topic, partition_no) DO UPDATE SET next_offset = excluded.next_offset"
                            + " WHERE projection_position.next_offset <= ?",
                    Columns.of(
                            partition.topic(),
                            partition.partition(),
                            entry.getValue().offset(),
                            first));
            if (moved == 0) {
                throw new PalimpsestException(
                        ErrorCode.DATABASE_FAILED, "another timeline has read on in " + partition);
            }
        }
    }

    private void seek(Consumer<byte[], byte[]> open, Collection<TopicPartition> partitions) {
        Map<TopicPartition, Long> ends = open.endOffsets(partitions);
        for (TopicPartition partition : partitions) {
            long next = sql.first(
                            "SELECT next_offset FROM projection_position WHERE topic = ? AND partition_no = ?",
                            row -> row.getLong(1),
                            Columns.of(partition.topic(), partition.partition()))
                    .orElse(0L);
            if (next > ends.getOrDefault(partition, 0L)) { // the broker was made anew: its numbering began again
                sql.update(
                        "DELETE FROM projection_position WHERE topic = ? AND partition_no = ?",
                        Columns.of(partition.topic(), partition.partition()));
                next = 0;
            }
            open.seek(partition, next);
        }
    }

    private static @Nullable Object fact(ConsumerRecord<byte[], byte[]> record) {
        Topic<?, ?> topic = FOLLOWED.get(record.topic());
        if (topic == null || record.value() == null) {
            return null;
        }
        try {
            return topic.value().deserializer().deserialize(record.topic(), record.value());
        } catch (UncheckedIOException | IllegalArgumentException e) {
            LOG.atError()
                    .addKeyValue("topic", record.topic())
                    .addKeyValue("partition", record.partition())
                    .addKeyValue("nextOffset", record.offset() + 1)
                    .addKeyValue("errorCode", ErrorCode.INTERNAL.id())
                    .log("a record of ours cannot be read; the timeline goes on without it");
            return null;
        }
    }

    private static Map<String, Topic<?, ?>> followed() {
        Map<String, Topic<?, ?>> topics = new HashMap<>();
        for (Topic<?, ?> topic : List.of(
                Topics.CHANGED,
                Topics.ACCEPTED,
                Topics.DROPPED,
                Topics.EXTRACTED,
                Topics.REVISED,
                Topics.INDEXED,
                Topics.DEAD_LETTER)) {
            topics.put(topic.name(), topic);
        }
        return Map.copyOf(topics);
    }
}
