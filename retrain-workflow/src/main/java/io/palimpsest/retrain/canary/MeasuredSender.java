package io.palimpsest.retrain.canary;

import io.palimpsest.contracts.error.PalimpsestException;
import io.palimpsest.contracts.event.DriftMeasured;
import io.palimpsest.contracts.topic.EventHeaders;
import io.palimpsest.contracts.topic.Topics;
import io.palimpsest.platform.kafka.KafkaClients;
import io.palimpsest.platform.kafka.KafkaFailure;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.function.Consumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;

/** Sends signals to {@link Topics#DRIFT_MEASURED}. Threading: safe. Failure: {@code BROKER_UNAVAILABLE}. */
public final class MeasuredSender implements Consumer<DriftMeasured>, AutoCloseable {
    private static final String EVENT_SOURCE = "/palimpsest/retrain/canary";
    private static final Duration CLOSING = Duration.ofSeconds(5);

    private final KafkaProducer<String, DriftMeasured> producer;
    private final String brokers;

    public MeasuredSender(KafkaClients kafka) {
        brokers = kafka.settings().bootstrapServers();
        producer = new KafkaProducer<>(
                kafka.promptProducer("canaries"),
                Topics.DRIFT_MEASURED.key().serializer(),
                Topics.DRIFT_MEASURED.value().serializer());
    }

    /** Returns when the broker has it. */
    @Override
    public void accept(DriftMeasured measured) {
        String collection = measured.collection().toString();
        ProducerRecord<String, DriftMeasured> record =
                new ProducerRecord<>(Topics.DRIFT_MEASURED.name(), collection, measured);
        EventHeaders.set(record.headers(), measured.windowId(), EVENT_SOURCE, Topics.DRIFT_MEASURED, collection, null);
        try {
            producer.send(record).get();
        } catch (ExecutionException e) {
            throw unacknowledged(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw unacknowledged(e);
        }
    }

    private PalimpsestException unacknowledged(Exception e) {
        return KafkaFailure.unacknowledged(brokers, "a measurement", Topics.DRIFT_MEASURED.name(), e);
    }

    @Override
    public void close() {
        producer.close(CLOSING);
    }
}
