package io.palimpsest.ingest.work;

import io.palimpsest.contracts.error.PalimpsestException;
import io.palimpsest.contracts.event.DocumentAccepted;
import io.palimpsest.contracts.event.DocumentExtracted;
import io.palimpsest.contracts.event.LedgerEntry;
import io.palimpsest.contracts.topic.EventHeaders;
import io.palimpsest.contracts.topic.Topic;
import io.palimpsest.contracts.topic.Topics;
import io.palimpsest.ingest.quarantine.Quarantine;
import io.palimpsest.platform.kafka.KafkaClients;
import io.palimpsest.platform.kafka.KafkaFailure;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.locks.ReentrantLock;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/**
 * Puts facts and work on their topics, and returns when the broker has them.
 *
 * <p>Threading: safe. Failure: BROKER_UNAVAILABLE; the outcome is then unknown, and sending again is harmless.
 */
public final class FactSender implements Quarantine.WorkSender, AutoCloseable {
    private static final String SOURCE = "/palimpsest/extract";

    private final KafkaClients kafka;
    private final String transactionalId;
    private final Producer<byte[], byte[]> plain;
    private final ReentrantLock transaction = new ReentrantLock();
    private @Nullable Producer<byte[], byte[]> transactional;

    /** @param instance name of this process among its like, stable over restarts */
    public FactSender(KafkaClients kafka, String instance) {
        this.kafka = kafka;
        this.transactionalId = "palimpsest-extract-" + instance;
        this.plain = producer(kafka.promptProducer("extract-" + instance));
    }

    /** Sends work to a lane's topic. */
    @Override
    public void send(String topic, DocumentAccepted work, @Nullable String traceparent) {
        Topic<?, DocumentAccepted> lane =
                topic.equals(Topics.EXTRACT_LARGE.name()) ? Topics.EXTRACT_LARGE : Topics.EXTRACT_SMALL;
        await(record(lane, work, traceparent));
    }

    void send(DocumentExtracted fact, Headers cause) {
        await(extracted(fact, cause));
    }

    /** Sends work to the lane's topic, on behalf of an earlier record of it. */
    void send(Lane lane, DocumentAccepted work, Headers cause) {
        await(record(lane.topic(), work, traceparent(cause)));
    }

    /** A failure and its ledger entry: both or none. */
    void send(DocumentExtracted failed, LedgerEntry entry, Headers cause) {
        transaction.lock();
        try {
            Producer<byte[], byte[]> producer = openTransactional();
            producer.beginTransaction();
            // The commit fails when a send did.
            Future<RecordMetadata> unusedFact = producer.send(extracted(failed, cause));
            ProducerRecord<byte[], byte[]> ledger = new ProducerRecord<>(
                    Topics.LEDGER_ENTRY.name(),
                    Topics.LEDGER_ENTRY.key().serializer().serialize(Topics.LEDGER_ENTRY.name(), entry.entryId()),
                    Topics.LEDGER_ENTRY.value().serializer().serialize(Topics.LEDGER_ENTRY.name(), entry));
            EventHeaders.set(
                    ledger.headers(),
                    entry.entryId(),
                    SOURCE,
                    Topics.LEDGER_ENTRY,
                    entry.entryId(),
                    traceparent(cause));
            Future<RecordMetadata> unusedEntry = producer.send(ledger);
            producer.commitTransaction();
        } catch (KafkaException e) {
            closeTransactional(); // a new one fences this, and aborts what it left
            throw unavailable(Topics.EXTRACTED.name(), e);
        } finally {
            transaction.unlock();
        }
    }

    @Override
    public void close() {
        plain.close();
        closeTransactional();
    }

    private Producer<byte[], byte[]> openTransactional() {
        if (transactional == null) {
            Producer<byte[], byte[]> opened =
                    producer(kafka.transactionalProducer("extract-failures-" + transactionalId, transactionalId));
            transactional = opened;
            opened.initTransactions();
            return opened;
        }
        return transactional;
    }

    private void closeTransactional() {
        transaction.lock();
        try {
            if (transactional != null) {
                transactional.close(Duration.ofSeconds(5));
                transactional = null;
            }
        } finally {
            transaction.unlock();
        }
    }

    private void await(ProducerRecord<byte[], byte[]> record) {
        try {
            plain.send(record).get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw unavailable(record.topic(), e);
        } catch (ExecutionException | KafkaException e) {
            throw unavailable(record.topic(), e);
        }
    }

    private static ProducerRecord<byte[], byte[]> extracted(DocumentExtracted fact, Headers cause) {
        String id = fact.changeId() + "/" + fact.version() + "/extracted";
        ProducerRecord<byte[], byte[]> record = new ProducerRecord<>(
                Topics.EXTRACTED.name(),
                Topics.EXTRACTED.key().serializer().serialize(Topics.EXTRACTED.name(), fact.key()),
                Topics.EXTRACTED.value().serializer().serialize(Topics.EXTRACTED.name(), fact));
        EventHeaders.set(
                record.headers(),
                id,
                SOURCE,
                Topics.EXTRACTED,
                fact.key().document().value(),
                traceparent(cause));
        return record;
    }

    private static ProducerRecord<byte[], byte[]> record(
            Topic<?, DocumentAccepted> topic, DocumentAccepted work, @Nullable String traceparent) {
        String id = work.changeId() + "/" + work.version() + "/work";
        ProducerRecord<byte[], byte[]> record = new ProducerRecord<>(
                topic.name(),
                Topics.EXTRACTED.key().serializer().serialize(topic.name(), work.key()),
                topic.value().serializer().serialize(topic.name(), work));
        EventHeaders.set(
                record.headers(), id, SOURCE, topic, work.key().document().value(), traceparent);
        return record;
    }

    private static @Nullable String traceparent(Headers cause) {
        return EventHeaders.get(cause, EventHeaders.TRACEPARENT).orElse(null);
    }

    private static Producer<byte[], byte[]> producer(Map<String, Object> properties) {
        return new KafkaProducer<>(properties, new ByteArraySerializer(), new ByteArraySerializer());
    }

    private PalimpsestException unavailable(String topic, Exception e) {
        return KafkaFailure.unacknowledged(kafka.settings().bootstrapServers(), "the fact", topic, e);
    }
}
