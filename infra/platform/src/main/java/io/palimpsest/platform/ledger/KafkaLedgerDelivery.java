package io.palimpsest.platform.ledger;

import io.palimpsest.contracts.event.LedgerEntry;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.KafkaException;

/** To the ledger's topic, awaited. Closes the producer with itself. Threading: safe; one waits for the entries of the other too. */
public final class KafkaLedgerDelivery implements LedgerDelivery, AutoCloseable {
    private static final Duration CLOSING = Duration.ofSeconds(5);

    private final Producer<String, LedgerEntry> producer;

    public KafkaLedgerDelivery(Producer<String, LedgerEntry> producer) {
        this.producer = producer;
    }

    @Override
    public boolean deliver(List<LedgerEntry> entries) {
        AtomicInteger arrived = new AtomicInteger();
        try {
            for (LedgerEntry entry : entries) {
                var unused = producer.send(KafkaLedgerSink.message(entry), (metadata, failure) -> {
                    if (failure == null) {
                        arrived.incrementAndGet();
                    }
                });
            }
            producer.flush();
        } catch (KafkaException e) { // a full buffer, or interrupted: what arrived is not known to have
            return false;
        }
        return arrived.get() == entries.size();
    }

    @Override
    public void close() {
        producer.close(CLOSING);
    }
}
