package io.palimpsest.ingest.erase;

import io.palimpsest.contracts.event.DocumentChanged;
import io.palimpsest.contracts.id.DocumentKey;
import io.palimpsest.contracts.topic.Topics;
import io.palimpsest.platform.kafka.KafkaFailure;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;

/**
 * Tells the streams to forget a document: a change without a value, on which the gate, then the revisions, drop what they keep of it,
 * and the compacted topics drop its records. Threading: safe. Failure: BROKER_UNAVAILABLE; to tell it again is harmless.
 *
 * @param producer idempotent; stays the caller's
 */
public record ForgottenDocuments(Producer<DocumentKey, DocumentChanged> producer, String brokers) {
    void tell(DocumentKey document) {
        try {
            var unused = producer.send(new ProducerRecord<>(Topics.CHANGED.name(), document, null))
                    .get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw KafkaFailure.unacknowledged(brokers, "what is to be forgotten", Topics.CHANGED.name(), e);
        } catch (ExecutionException e) {
            throw KafkaFailure.unacknowledged(brokers, "what is to be forgotten", Topics.CHANGED.name(), e);
        }
    }
}
