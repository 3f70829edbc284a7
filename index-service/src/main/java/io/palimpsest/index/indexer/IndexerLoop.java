package io.palimpsest.index.indexer;

import io.palimpsest.contracts.error.ErrorCode;
import io.palimpsest.contracts.error.PalimpsestException;
import io.palimpsest.contracts.event.DocumentIndexed;
import io.palimpsest.contracts.event.DocumentRevised;
import io.palimpsest.contracts.event.LedgerEntry;
import io.palimpsest.contracts.id.DocumentKey;
import io.palimpsest.contracts.topic.EventHeaders;
import io.palimpsest.contracts.topic.Topics;
import io.palimpsest.platform.kafka.KafkaClients;
import io.palimpsest.platform.ledger.LedgerEntries;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One lane of the indexer: reads revisions, applies them, then sends what became visible, its ledger entries and the
 * offsets in one transaction. Two lanes, each a consumer group of its own that skips the other's revisions, so that a
 * huge document does not hold up small ones; the index orders by revision, so the lanes need not wait for each other.
 *
 * <p>Threading: one thread per lane. Failure: a batch that fails is applied again with back-off, nothing is skipped; a
 * failing transaction makes a new producer and starts from the last committed offsets.
 */
public final class IndexerLoop implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(IndexerLoop.class);
    private static final Duration POLL = Duration.ofMillis(100);
    private static final Duration FIRST_BACK_OFF = Duration.ofMillis(200);
    private static final Duration LAST_BACK_OFF = Duration.ofSeconds(10);
    /** Embedding a 10,000-page document takes minutes; a dead process is noticed by its heartbeat, not by this. */
    private static final Duration MAX_POLL_INTERVAL = Duration.ofHours(6);

    private final KafkaClients kafka;
    private final Indexer indexer;
    private final LedgerEntries entries;
    private final Lane lane;
    private final String instance;
    private final Thread thread;
    private final CountDownLatch stopping = new CountDownLatch(1);
    private volatile @Nullable KafkaConsumer<DocumentKey, DocumentRevised> consumer;
    private volatile boolean healthy = true;

    /**
     * Starts the lane.
     *
     * @param signature see {@link io.palimpsest.index.generation.Generations#signature}
     * @param instance name of this process among its like, stable over restarts
     */
    public static IndexerLoop start(
            KafkaClients kafka, Indexer indexer, LedgerEntries entries, String signature, Lane lane, String instance) {
        IndexerLoop loop = new IndexerLoop(kafka, indexer, entries, signature, lane, instance);
        loop.thread.start();
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
        String name = "index-" + lane.name() + "-" + signature;
        this.thread = Thread.ofPlatform().name(name).unstarted(() -> runUntilStopped(name));
    }

    /** False while the lane fails and tries again. */
    public boolean isHealthy() {
        return healthy && thread.isAlive();
    }

    /** Finishes the batch at hand, or leaves it to the next start. */
    @Override
    public void close() {
        stopping.countDown();
        KafkaConsumer<DocumentKey, DocumentRevised> running = consumer;
        if (running != null) {
            running.wakeup();
        }
        try {
            thread.join(Duration.ofSeconds(20));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private boolean isStopping() {
        return stopping.getCount() == 0;
    }

    private void runUntilStopped(String name) {
        Duration backOff = FIRST_BACK_OFF;
        while (!isStopping()) {
            try {
                run(name);
                return;
            } catch (WakeupException e) {
                return;
            } catch (KafkaException | PalimpsestException e) {
                healthy = false;
                LOG.atWarn()
                        .addKeyValue("errorCode", codeOf(e).id())
                        .setCause(e)
                        .log("indexer lane failed; it starts again from the last committed offsets");
                pause(backOff);
                backOff =
                        backOff.multipliedBy(2).compareTo(LAST_BACK_OFF) > 0 ? LAST_BACK_OFF : backOff.multipliedBy(2);
            }
        }
    }

    private void run(String name) {
        Map<String, Object> properties = kafka.staticConsumer(name, name, instance);
        properties.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, lane.batchRecords());
        properties.put(ConsumerConfig.MAX_POLL_INTERVAL_MS_CONFIG, (int) MAX_POLL_INTERVAL.toMillis());
        try (KafkaConsumer<DocumentKey, DocumentRevised> input = new KafkaConsumer<>(
                        properties,
                        Topics.REVISED.key().deserializer(),
                        Topics.REVISED.value().deserializer());
                KafkaProducer<byte[], byte[]> output = new KafkaProducer<>(
                        kafka.transactionalProducer(name, name + "-" + instance),
                        new ByteArraySerializer(),
                        new ByteArraySerializer())) {
            consumer = input;
            output.initTransactions();
            input.subscribe(List.of(Topics.REVISED.name()));
            while (!isStopping()) {
                ConsumerRecords<DocumentKey, DocumentRevised> records = input.poll(POLL);
                if (!records.isEmpty()) {
                    handle(records, input, output);
                }
                healthy = true;
            }
        }
    }

    private void handle(
            ConsumerRecords<DocumentKey, DocumentRevised> records,
            KafkaConsumer<DocumentKey, DocumentRevised> input,
            KafkaProducer<byte[], byte[]> output) {
        Map<DocumentKey, ConsumerRecord<DocumentKey, DocumentRevised>> causes = new HashMap<>();
        List<DocumentRevised> batch = new ArrayList<>();
        for (ConsumerRecord<DocumentKey, DocumentRevised> record : records) {
            if (record.value() != null && lane.takes(record.value())) {
                causes.put(record.key(), record);
                batch.add(record.value());
            }
        }
        List<DocumentIndexed> indexed = indexer.apply(batch);
        output.beginTransaction();
        indexed.forEach(i -> send(i, causes, output));
        output.sendOffsetsToTransaction(nextOffsets(records), input.groupMetadata());
        output.commitTransaction();
    }

    private static Map<TopicPartition, OffsetAndMetadata> nextOffsets(ConsumerRecords<?, ?> records) {
        return records.nextOffsets();
    }

    private void send(
            DocumentIndexed indexed,
            Map<DocumentKey, ConsumerRecord<DocumentKey, DocumentRevised>> causes,
            KafkaProducer<byte[], byte[]> output) {
        ConsumerRecord<DocumentKey, DocumentRevised> cause = causes.get(indexed.key());
        ProducerRecord<byte[], byte[]> record = new ProducerRecord<>(
                Topics.INDEXED.name(),
                Topics.INDEXED.key().serializer().serialize(Topics.INDEXED.name(), indexed.key()),
                Topics.INDEXED.value().serializer().serialize(Topics.INDEXED.name(), indexed));
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
        Future<?> unusedSeeCommit = output.send(record);
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
        Future<?> unusedSeeCommitToo = output.send(new ProducerRecord<>(
                Topics.LEDGER_ENTRY.name(),
                Topics.LEDGER_ENTRY.key().serializer().serialize(Topics.LEDGER_ENTRY.name(), entry.entryId()),
                Topics.LEDGER_ENTRY.value().serializer().serialize(Topics.LEDGER_ENTRY.name(), entry)));
    }

    private static ErrorCode codeOf(RuntimeException e) {
        return e instanceof PalimpsestException ours ? ours.code() : ErrorCode.BROKER_UNAVAILABLE;
    }

    private void pause(Duration time) {
        try {
            if (stopping.await(time.toMillis(), TimeUnit.MILLISECONDS)) {
                LOG.atDebug().log("indexer lane stops during back-off");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            stopping.countDown();
        }
    }
}
