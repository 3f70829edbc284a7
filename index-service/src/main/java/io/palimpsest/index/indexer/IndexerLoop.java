package io.palimpsest.index.indexer;

import io.palimpsest.contracts.event.DocumentIndexed;
import io.palimpsest.contracts.event.DocumentRevised;
import io.palimpsest.contracts.event.LedgerEntry;
import io.palimpsest.contracts.id.DocumentKey;
import io.palimpsest.contracts.topic.EventHeaders;
import io.palimpsest.contracts.topic.Topics;
import io.palimpsest.platform.kafka.ConsumerLoop;
import io.palimpsest.platform.kafka.KafkaClients;
import io.palimpsest.platform.kafka.TransactionalWork;
import io.palimpsest.platform.ledger.LedgerEntries;
import io.palimpsest.platform.retry.BackOff;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * One lane of the indexer: reads revisions, applies them, then sends what became visible, its ledger entries and the
 * offsets in one transaction. Two lanes, each a consumer group of its own that skips the other's revisions, so that a
 * huge document does not hold up small ones; the index orders by revision, so the lanes need not wait for each other.
 *
 * <p>Threading: one thread per lane. Failure: a batch that fails is applied again with back-off, nothing is skipped; a
 * failing transaction makes a new producer and starts from the last committed offsets.
 */
public final class IndexerLoop implements AutoCloseable {
    private static final BackOff BACK_OFF = new BackOff(Duration.ofMillis(200), Duration.ofSeconds(10));
    /** Embedding a 10,000-page document takes minutes; a dead process is noticed by its heartbeat, not by this. */
    private static final Duration MAX_POLL_INTERVAL = Duration.ofHours(6);

    private final KafkaClients kafka;
    private final Indexer indexer;
    private final LedgerEntries entries;
    private final Lane lane;
    private final String name;
    private final String instance;
    private final ConsumerLoop<DocumentKey, DocumentRevised> loop;

    /**
     * Starts the lane.
     *
     * @param signature see {@link io.palimpsest.index.generation.Generations#signature}
     * @param instance name of this process among its like, stable over restarts
     */
    public static IndexerLoop start(
            KafkaClients kafka, Indexer indexer, LedgerEntries entries, String signature, Lane lane, String instance) {
        IndexerLoop loop = new IndexerLoop(kafka, indexer, entries, signature, lane, instance);
        loop.loop.start();
        return loop;
    }

    /**
     * Which revisions a loop takes.
     *
     * @param largePassages from how many passages on a document is large
     */
    public record Lane(String name, boolean large, int largePassages, int batchRecords) {
        public static Lane small(int largePassages) {
            return new Lane("small", false, largePassages, 32);
        }

        public static Lane large(int largePassages) {
            return new Lane("large", true, largePassages, 1);
        }

        boolean takes(DocumentRevised revision) {
            return (revision.passageCount() >= largePassages) == large;
        }
    }

    private IndexerLoop(
            KafkaClients kafka, Indexer indexer, LedgerEntries entries, String signature, Lane lane, String instance) {
        this.kafka = kafka;
        this.indexer = indexer;
        this.entries = entries;
        this.lane = lane;
        this.instance = instance;
        this.name = "index-" + lane.name() + "-" + signature;
        this.loop = new ConsumerLoop<>(
                new ConsumerLoop.Pace(name, Duration.ofMillis(100), BACK_OFF, Duration.ofSeconds(20)),
                this::consumer,
                () -> new TransactionalWork<>(Topics.REVISED.name(), this::producer, this::outcome));
    }

    /** False while the lane fails and tries again. */
    public boolean isHealthy() {
        return loop.healthy();
    }

    /** Finishes the batch at hand, or leaves it to the next start. */
    @Override
    public void close() {
        loop.close();
    }

    private Consumer<DocumentKey, DocumentRevised> consumer() {
        Map<String, Object> properties = kafka.staticConsumer(name, name, instance);
        properties.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, lane.batchRecords());
        properties.put(ConsumerConfig.MAX_POLL_INTERVAL_MS_CONFIG, (int) MAX_POLL_INTERVAL.toMillis());
        return new KafkaConsumer<>(
                properties,
                Topics.REVISED.key().deserializer(),
                Topics.REVISED.value().deserializer());
    }

    private Producer<byte[], byte[]> producer() {
        return new KafkaProducer<>(
                kafka.transactionalProducer(name, name + "-" + instance),
                new ByteArraySerializer(),
                new ByteArraySerializer());
    }

    private List<ProducerRecord<byte[], byte[]>> outcome(ConsumerRecords<DocumentKey, DocumentRevised> records) {
        Map<DocumentKey, ConsumerRecord<DocumentKey, DocumentRevised>> causes = new HashMap<>();
        List<DocumentRevised> batch = new ArrayList<>();
        for (ConsumerRecord<DocumentKey, DocumentRevised> record : records) {
            if (record.value() != null && lane.takes(record.value())) {
                causes.put(record.key(), record);
                batch.add(record.value());
            }
        }
        List<ProducerRecord<byte[], byte[]>> outcome = new ArrayList<>();
        for (DocumentIndexed indexed : indexer.apply(batch)) {
            outcome.add(fact(indexed, causes));
            outcome.add(entry(indexed));
        }
        return outcome;
    }

    private static ProducerRecord<byte[], byte[]> fact(
            DocumentIndexed indexed, Map<DocumentKey, ConsumerRecord<DocumentKey, DocumentRevised>> causes) {
        ConsumerRecord<DocumentKey, DocumentRevised> cause = causes.get(indexed.key());
        ProducerRecord<DocumentKey, DocumentIndexed> record =
                new ProducerRecord<>(Topics.INDEXED.name(), indexed.key(), indexed);
        String id = indexed.generation() + ":" + indexed.revision() + ":"
                + indexed.key().hash();
        String traceparent = cause == null
                ? null
                : EventHeaders.get(cause.headers(), EventHeaders.TRACEPARENT).orElse(null);
        EventHeaders.set(
                record.headers(),
                id,
                "palimpsest/index",
                Topics.INDEXED,
                indexed.key().document().value(),
                traceparent);
        return TransactionalWork.bytes(Topics.INDEXED, record);
    }

    private ProducerRecord<byte[], byte[]> entry(DocumentIndexed indexed) {
        LedgerEntry entry = entries.ofDocument(
                indexed.searchable() ? LedgerEntry.Type.REVISION_VISIBLE : LedgerEntry.Type.DOCUMENT_DELETED,
                indexed.indexedAt(),
                "service:index",
                indexed.key(),
                indexed.generation() + "\n" + indexed.revision(),
                Map.of(
                        "generation", indexed.generation().value(),
                        "revision", Long.toString(indexed.revision()),
                        "version", Long.toString(indexed.version()),
                        "passages", Integer.toString(indexed.passages())));
        return TransactionalWork.bytes(
                Topics.LEDGER_ENTRY, new ProducerRecord<>(Topics.LEDGER_ENTRY.name(), entry.entryId(), entry));
    }
}
