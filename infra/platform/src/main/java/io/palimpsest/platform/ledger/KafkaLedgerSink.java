package io.palimpsest.platform.ledger;

import io.palimpsest.contracts.error.ErrorCode;
import io.palimpsest.contracts.event.LedgerEntry;
import io.palimpsest.contracts.topic.EventHeaders;
import io.palimpsest.contracts.topic.Topics;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends entries to the ledger's topic, keyed by entry id. In a transaction of the producer's they are part of it;
 * outside, what cannot be delivered within the producer's delivery timeout is logged as an error.
 */
public final class KafkaLedgerSink implements LedgerSink {
    private static final Logger LOG = LoggerFactory.getLogger(KafkaLedgerSink.class);

    private final Producer<String, LedgerEntry> producer;

    public KafkaLedgerSink(Producer<String, LedgerEntry> producer) {
        this.producer = producer;
    }

    @Override
    public void record(LedgerEntry entry) {
        var unused = producer.send(message(entry), (metadata, failure) -> {
            if (failure != null) {
                LOG.atError()
                        .addKeyValue("errorCode", ErrorCode.BROKER_UNAVAILABLE.id())
                        .addKeyValue("topic", Topics.LEDGER_ENTRY.name())
                        .log("a ledger entry was not delivered");
            }
        });
    }

    static ProducerRecord<String, LedgerEntry> message(LedgerEntry entry) {
        ProducerRecord<String, LedgerEntry> record =
                new ProducerRecord<>(Topics.LEDGER_ENTRY.name(), entry.entryId(), entry);
        EventHeaders.set(
                record.headers(), entry.entryId(), "/" + entry.actor(), Topics.LEDGER_ENTRY, entry.entryId(), null);
        return record;
    }
}
