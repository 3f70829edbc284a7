package io.palimpsest.index.indexer;

import io.palimpsest.contracts.event.DocumentIndexed;
import io.palimpsest.contracts.event.DocumentRevised;
import io.palimpsest.contracts.event.LedgerEntry;
import io.palimpsest.contracts.id.DocumentKey;
import io.palimpsest.contracts.topic.EventHeaders;
import io.palimpsest.contracts.topic.Topics;
import io.palimpsest.platform.kafka.ConsumerLoop;
import io.palimpsest.platform.kafka.FollowedGroup;
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
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

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
    private static final int POLLED_RECORDS = 500;
    /** Embedded and written in one go, some seconds of work: what arrives meanwhile waits, and a transaction for each is no burden. */
    private static final int BATCH_PASSAGES = 512;
    /** Embedding a 10,000-page document takes minutes; a dead process is noticed by its heartbeat, not by this. */
    private static final Duration MAX_POLL_INTERVAL = Duration.ofHours(6);

    private final KafkaClients kafka;
    private final Indexer indexer;
    private final LedgerEntries entries;
    private final Lane lane;
    private final String name;
    private final String instance;
    private final ConsumerLoop<DocumentKey, DocumentRevised> loop;
    private volatile boolean closing;

    /**
     * Starts the lane.
     *
     * @param signature of generation and index: a lane of another one starts at the first revision
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
    public record Lane(String name, boolean large, int largePassages) {
        public static Lane small(int largePassages) {
            return new Lane("small", false, largePassages);
        }

        public static Lane large(int largePassages) {
            return new Lane("large", true, largePassages);
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
        // With the border in the name: by another one, a lane would skip what the other has passed already.
        this.name = "index-" + lane.name() + lane.largePassages() + "-" + signature;
        this.loop = new ConsumerLoop<>(
                new ConsumerLoop.Pace(name, Duration.ofMillis(100), BACK_OFF, Duration.ofSeconds(20)),
                this::consumer,
                () -> new TransactionalWork<>(
                        Topics.REVISED.name(),
                        this::producer,
                        new TransactionalWork.Share<>(this::passages, BATCH_PASSAGES),
                        this::outcome));
    }

    /** The group whose lag is what this lane has to do. */
    public FollowedGroup group() {
        return FollowedGroup.consumers("index-" + lane.name(), name, Topics.REVISED);
    }

    /** False while the lane fails and tries again. */
    public boolean isHealthy() {
        return loop.healthy();
    }

    /** Finishes the batch at hand, or leaves it to the next start. */
    @Override
    public void close() {
        closing = true;
        loop.close();
    }

    private Consumer<DocumentKey, DocumentRevised> consumer() {
        Map<String, Object> properties = kafka.staticConsumer(name, name, instance);
        properties.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, POLLED_RECORDS);
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

    /** What a record costs this lane. */
    private long passages(ConsumerRecord<DocumentKey, DocumentRevised> record) {
        return record.value() != null && lane.takes(record.value())
                ? 1L + record.value().passageCount()
                : 0;
    }

    private List<ProducerRecord<byte[], byte[]>> outcome(ConsumerRecords<DocumentKey, DocumentRevised> records) {
        if (closing) { // between two batches of one poll
            throw new WakeupException();
        }
        Map<DocumentKey, ConsumerRecord<DocumentKey, DocumentRevised>> causes = new HashMap<>();
        List<DocumentRevised> batch = new ArrayList<>();
        for (ConsumerRecord<DocumentKey, DocumentRevised> record : records) {
            if (record.value() != null && lane.takes(record.value())) {
                causes.put(record.key(), record);
                batch.add(record.value());
            }
        }
        if (batch.isEmpty()) {
            return List.of();
        }
        List<ProducerRecord<byte[], byte[]>> outcome = new ArrayList<>();
        for (DocumentIndexed indexed : indexer.apply(batch)) {
            outcome.add(fact(indexed, causes.get(indexed.key())));
            outcome.add(entry(indexed, causes.get(indexed.key())));
        }
        return outcome;
    }

    private static ProducerRecord<byte[], byte[]> fact(
            DocumentIndexed indexed, @Nullable ConsumerRecord<DocumentKey, DocumentRevised> cause) {
        ProducerRecord<DocumentKey, DocumentIndexed> record =
                new ProducerRecord<>(Topics.INDEXED.name(), indexed.key(), indexed);
        String id = indexed.generation() + ":" + indexed.revision() + ":"
                + indexed.key().hash();
        EventHeaders.set(
                record.headers(),
                id,
                "palimpsest/index",
                Topics.INDEXED,
                indexed.key().document().value(),
                traceparent(cause));
        return TransactionalWork.bytes(Topics.INDEXED, record);
    }

    private static @Nullable String traceparent(@Nullable ConsumerRecord<?, ?> cause) {
        return cause == null
                ? null
                : EventHeaders.get(cause.headers(), EventHeaders.TRACEPARENT).orElse(null);
    }

    private static LedgerEntry.Type type(
            DocumentIndexed indexed, @Nullable ConsumerRecord<DocumentKey, DocumentRevised> cause) {
        if (indexed.searchable()) {
            return LedgerEntry.Type.REVISION_VISIBLE;
        }
        return cause != null && cause.value().state() == DocumentRevised.State.DELETED
                ? LedgerEntry.Type.DOCUMENT_DELETED
                : LedgerEntry.Type.DOCUMENT_HIDDEN;
    }

    private ProducerRecord<byte[], byte[]> entry(
            DocumentIndexed indexed, @Nullable ConsumerRecord<DocumentKey, DocumentRevised> cause) {
        LedgerEntry entry = entries.ofDocument(
                type(indexed, cause),
                indexed.indexedAt(),
                "service:index",
                indexed.key(),
                indexed.generation() + "\n" + indexed.revision(),
                Map.of(
                        "generation", indexed.generation().value(),
                        "revision", Long.toString(indexed.revision()),
                        "version", Long.toString(indexed.version()),
                        "passages", Integer.toString(indexed.passages())));
        ProducerRecord<String, LedgerEntry> record =
                new ProducerRecord<>(Topics.LEDGER_ENTRY.name(), entry.entryId(), entry);
        EventHeaders.set(
                record.headers(),
                entry.entryId(),
                "palimpsest/index",
                Topics.LEDGER_ENTRY,
                entry.entryId(),
                traceparent(cause));
        return TransactionalWork.bytes(Topics.LEDGER_ENTRY, record);
    }
}
