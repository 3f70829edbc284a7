package io.palimpsest.ingest.intake;

import io.palimpsest.contracts.error.PalimpsestException;
import io.palimpsest.contracts.event.DocumentChanged;
import io.palimpsest.contracts.id.DocumentKey;
import io.palimpsest.contracts.topic.EventHeaders;
import io.palimpsest.contracts.topic.Topics;
import io.palimpsest.platform.kafka.KafkaFailure;
import io.palimpsest.platform.telemetry.Tracing;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;

/**
 * Puts changes on {@link Topics#CHANGED}. Threading: safe. Failure: the future ends with BROKER_UNAVAILABLE, and the
 * change may or may not be on the topic: the same event sent again is harmless.
 */
public final class ChangePublisher {
    private final Producer<DocumentKey, DocumentChanged> producer;
    private final String brokers;
    private final Tracing tracing;

    /**
     * @param producer idempotent; stays the caller's
     * @param brokers where it sends to, for messages
     */
    public ChangePublisher(Producer<DocumentKey, DocumentChanged> producer, String brokers, Tracing tracing) {
        this.producer = producer;
        this.brokers = brokers;
        this.tracing = tracing;
    }

    public CompletableFuture<Void> publish(DocumentChanged changed, @Nullable String traceparent) {
        CompletableFuture<Void> done = new CompletableFuture<>();
        try {
            Future<RecordMetadata> unused = producer.send(
                    record(changed, traceparent == null ? tracing.current().orElse(null) : traceparent), (at, e) -> {
                        if (e == null) {
                            done.complete(null);
                        } else {
                            done.completeExceptionally(unavailable(e));
                        }
                    });
        } catch (KafkaException e) {
            done.completeExceptionally(unavailable(e));
        }
        return done;
    }

    /** The record of a change, with its headers. */
    public static ProducerRecord<DocumentKey, DocumentChanged> record(
            DocumentChanged changed, @Nullable String traceparent) {
        ProducerRecord<DocumentKey, DocumentChanged> record =
                new ProducerRecord<>(Topics.CHANGED.name(), changed.key(), changed);
        EventHeaders.set(
                record.headers(),
                changed.changeId().value(),
                changed.source(),
                Topics.CHANGED,
                changed.key().document().value(),
                traceparent);
        return record;
    }

    private PalimpsestException unavailable(Exception e) {
        return KafkaFailure.unacknowledged(brokers, "the change", Topics.CHANGED.name(), e);
    }
}
