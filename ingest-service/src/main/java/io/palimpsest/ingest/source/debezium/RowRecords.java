package io.palimpsest.ingest.source.debezium;

import io.cloudevents.CloudEvent;
import io.palimpsest.contracts.error.ErrorCode;
import io.palimpsest.contracts.error.NextAction;
import io.palimpsest.contracts.error.PalimpsestException;
import io.palimpsest.contracts.event.DeadLetter;
import io.palimpsest.contracts.id.ChangeId;
import io.palimpsest.contracts.id.DocumentId;
import io.palimpsest.contracts.topic.EventHeaders;
import io.palimpsest.contracts.topic.Topics;
import io.palimpsest.ingest.intake.ChangePublisher;
import io.palimpsest.platform.kafka.TransactionalWork;
import io.palimpsest.platform.telemetry.Metric;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * What comes of the records that one consumer reads: changes and dead letters.
 *
 * <p>Threading: one thread. Failure: RETRY codes; then nothing of the batch was taken.
 */
final class RowRecords {
    /** No document id is cut: an erasure has to find it. */
    private static final int MAX_ATTRIBUTE = DocumentId.MAX_BYTES;

    private final Map<String, RowChanges> changes = new HashMap<>();
    private final DebeziumSource.Binding binding;
    private final DebeziumSource.Parts parts;
    private final Map<TopicPartition, Read> lastRead = new HashMap<>();
    private Map<String, TopicLives.Life> lives = Map.of();

    /** @param deletedKey of the record, if it was a delete that a tombstone may follow */
    private record Read(long offset, @Nullable ByteBuffer deletedKey) {
        boolean isFollowedBy(ConsumerRecord<byte[], byte[]> record) {
            return record.value() == null
                    && deletedKey != null
                    && record.key() != null
                    && deletedKey.equals(ByteBuffer.wrap(record.key()));
        }
    }

    RowRecords(List<TableMapping> mappings, DebeziumSource.Binding binding, DebeziumSource.Parts parts) {
        for (TableMapping mapping : mappings) {
            changes.put(mapping.topic(), new RowChanges(mapping, binding.defaultAccess()));
        }
        this.binding = binding;
        this.parts = parts;
    }

    void live(Map<String, TopicLives.Life> found) {
        lives = Map.copyOf(found);
    }

    List<ProducerRecord<byte[], byte[]>> outcomes(ConsumerRecords<byte[], byte[]> records) {
        List<ProducerRecord<byte[], byte[]>> outcomes = new ArrayList<>(records.count());
        for (ConsumerRecord<byte[], byte[]> record : records) {
            outcomes.addAll(outcome(record));
        }
        return outcomes;
    }

    private List<ProducerRecord<byte[], byte[]>> outcome(ConsumerRecord<byte[], byte[]> record) {
        RowChanges rows = changes.get(record.topic());
        if (rows == null) {
            throw new IllegalStateException("a record of a topic that nobody subscribed to");
        }
        TableMapping mapping = rows.mapping();
        TopicPartition partition = new TopicPartition(record.topic(), record.partition());
        long epoch = epoch(record, partition);
        Read before = lastRead.put(partition, new Read(record.offset(), null));
        if (before != null && before.isFollowedBy(record)) {
            return List.of();
        }
        Map<String, String> known = new HashMap<>();
        known.put("source", mapping.source());
        known.put("tenant", binding.caller().tenant().value());
        known.put("collection", mapping.collection().orElse(binding.defaultCollection()));
        ChangeId changeId = null;
        try {
            RowEvent event = RowEvents.read(mapping, record.key(), record.value());
            if (event instanceof RowEvent.Gone) {
                lastRead.put(partition, new Read(record.offset(), ByteBuffer.wrap(record.key())));
            }
            RowChanges.Place place = new RowChanges.Place(record.topic(), record.partition(), record.offset(), epoch);
            List<ProducerRecord<byte[], byte[]>> out = new ArrayList<>();
            for (CloudEvent each : changesOf(rows, event, place, known)) {
                changeId = parts.intake().changeId(binding.caller(), each);
                out.add(TransactionalWork.bytes(
                        Topics.CHANGED,
                        ChangePublisher.record(
                                parts.intake().prepare("debezium", binding.caller(), each),
                                EventHeaders.get(record.headers(), EventHeaders.TRACEPARENT)
                                        .orElse(null))));
            }
            return out;
        } catch (PalimpsestException e) {
            if (e.code().next() == NextAction.RETRY) {
                throw e;
            }
            return List.of(deadLetter(record, changeId, known, e));
        }
    }

    private static List<CloudEvent> changesOf(
            RowChanges rows, RowEvent event, RowChanges.Place place, Map<String, String> known) {
        Row key = switch (event) {
            case RowEvent.Present present -> present.key();
            case RowEvent.Gone gone -> gone.key();
            case RowEvent.Truncated truncated -> null;
        };
        if (key != null) {
            String document = rows.document(key);
            known.put("subject", document.substring(0, Math.min(document.length(), MAX_ATTRIBUTE)));
        }
        return rows.of(event, place);
    }

    /** A topic in a new life is looked at again before anything of it is taken. */
    private long epoch(ConsumerRecord<byte[], byte[]> record, TopicPartition partition) {
        TopicLives.Life life = lives.get(record.topic());
        Read before = lastRead.get(partition);
        if (life == null
                || record.partition() >= life.partitions()
                || (before != null && record.offset() <= before.offset())) {
            throw new PalimpsestException(
                    ErrorCode.BROKER_UNAVAILABLE,
                    "topic " + record.topic() + " is new, or was made anew: its numbering is looked at again");
        }
        return life.epoch();
    }

    private ProducerRecord<byte[], byte[]> deadLetter(
            ConsumerRecord<byte[], byte[]> record,
            @Nullable ChangeId changeId,
            Map<String, String> known,
            PalimpsestException failure) {
        String id = record.topic() + "/" + record.partition() + "/" + record.offset();
        // An erased document is named nowhere.
        boolean suppressed = failure.code() == ErrorCode.DOCUMENT_SUPPRESSED;
        if (suppressed) {
            known.remove("subject");
        }
        DeadLetter letter = new DeadLetter(
                suppressed ? null : changeId,
                failure.code(),
                failure.getMessage() == null ? failure.code().hint() : failure.getMessage(),
                record.topic(),
                record.partition(),
                record.offset(),
                known,
                parts.clock().instant());
        parts.telemetry().count(Metric.DEAD_LETTERS, failure.code().id());
        ProducerRecord<String, DeadLetter> out = new ProducerRecord<>(Topics.DEAD_LETTER.name(), id, letter);
        EventHeaders.set(
                out.headers(),
                id,
                "/palimpsest/debezium",
                Topics.DEAD_LETTER,
                id,
                EventHeaders.get(record.headers(), EventHeaders.TRACEPARENT).orElse(null));
        return TransactionalWork.bytes(Topics.DEAD_LETTER, out);
    }
}
