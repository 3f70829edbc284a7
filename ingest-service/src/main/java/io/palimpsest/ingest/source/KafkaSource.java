package io.palimpsest.ingest.source;

import io.cloudevents.CloudEvent;
import io.palimpsest.contracts.error.ErrorCode;
import io.palimpsest.contracts.error.NextAction;
import io.palimpsest.contracts.error.PalimpsestException;
import io.palimpsest.contracts.event.DeadLetter;
import io.palimpsest.contracts.event.DocumentChanged;
import io.palimpsest.contracts.id.ChangeId;
import io.palimpsest.contracts.topic.EventHeaders;
import io.palimpsest.contracts.topic.Topics;
import io.palimpsest.ingest.intake.ChangeIntake;
import io.palimpsest.ingest.intake.ChangePublisher;
import io.palimpsest.platform.kafka.ConsumerLoop;
import io.palimpsest.platform.kafka.KafkaClients;
import io.palimpsest.platform.kafka.TransactionalWork;
import io.palimpsest.platform.retry.BackOff;
import io.palimpsest.platform.security.Caller;
import io.palimpsest.platform.telemetry.Metric;
import io.palimpsest.platform.telemetry.Telemetry;
import java.time.Clock;
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
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/**
 * Takes CloudEvents that others produce to {@link Topics#INBOX}: each becomes a change or a dead letter, in the same
 * transaction as the position in the inbox.
 *
 * <p>Threading: the thread of its {@link #loop}. Ordering: as in the inbox's partitions.
 * Failure: broker, store and database are waited for, and nothing is dropped.
 */
public final class KafkaSource {
    public static final String GROUP = "palimpsest-inbox";

    private static final ConsumerLoop.Pace PACE = new ConsumerLoop.Pace(
            "inbox", Duration.ofMillis(500), BackOff.constant(Duration.ofSeconds(1)), Duration.ofSeconds(10));

    private final KafkaClients kafka;
    private final String instance;
    private final Caller caller;
    private final String defaultCollection;
    private final ChangeIntake intake;
    private final Telemetry telemetry;
    private final Clock clock;

    /** Who the inbox's events belong to, and where those go that name no collection. */
    public record Binding(Caller caller, String defaultCollection) {}

    /** @param instance name of this process among its like, stable over restarts */
    public KafkaSource(
            KafkaClients kafka,
            String instance,
            Binding binding,
            ChangeIntake intake,
            Telemetry telemetry,
            Clock clock) {
        this.kafka = kafka;
        this.instance = instance;
        this.caller = binding.caller();
        this.defaultCollection = binding.defaultCollection();
        this.intake = intake;
        this.telemetry = telemetry;
        this.clock = clock;
    }

    /** One that is not started yet. */
    public ConsumerLoop<byte[], byte[]> loop() {
        return new ConsumerLoop<>(
                PACE,
                this::consumer,
                () -> new TransactionalWork<>(Topics.INBOX.name(), this::producer, this::outcomes));
    }

    private List<ProducerRecord<byte[], byte[]>> outcomes(ConsumerRecords<byte[], byte[]> records) {
        List<ProducerRecord<byte[], byte[]>> outcomes = new ArrayList<>(records.count());
        for (ConsumerRecord<byte[], byte[]> record : records) {
            outcomes.add(outcome(record));
        }
        return outcomes;
    }

    /** @throws PalimpsestException with a RETRY code: then nothing of the batch is taken */
    private ProducerRecord<byte[], byte[]> outcome(ConsumerRecord<byte[], byte[]> record) {
        Map<String, String> attributes = InboxReader.attributes(record.headers());
        String traceparent = EventHeaders.get(record.headers(), EventHeaders.TRACEPARENT)
                .or(() -> EventHeaders.get(record.headers(), "ce_traceparent"))
                .orElse(null);
        ChangeId changeId = null;
        try {
            CloudEvent event = InboxReader.read(record);
            attributes = InboxReader.attributes(event);
            changeId = intake.changeId(caller, event);
            DocumentChanged changed = intake.prepare(caller, event);
            return TransactionalWork.bytes(Topics.CHANGED, ChangePublisher.record(changed, traceparent));
        } catch (PalimpsestException e) {
            if (e.code().next() == NextAction.RETRY) {
                throw e;
            }
            return deadLetter(record, letter(record, changeId, attributes, e), traceparent);
        }
    }

    private DeadLetter letter(
            ConsumerRecord<byte[], byte[]> record,
            @Nullable ChangeId changeId,
            Map<String, String> attributes,
            PalimpsestException failure) {
        // An erased document is named nowhere.
        boolean suppressed = failure.code() == ErrorCode.DOCUMENT_SUPPRESSED;
        Map<String, String> known = new HashMap<>(suppressed ? Map.of() : attributes);
        known.put("tenant", caller.tenant().value());
        known.putIfAbsent("collection", defaultCollection); // without one nobody could look the change up
        return new DeadLetter(
                suppressed ? null : changeId,
                failure.code(),
                failure.getMessage() == null ? failure.code().hint() : failure.getMessage(),
                record.topic(),
                record.partition(),
                record.offset(),
                known,
                clock.instant());
    }

    private ProducerRecord<byte[], byte[]> deadLetter(
            ConsumerRecord<byte[], byte[]> record, DeadLetter letter, @Nullable String traceparent) {
        telemetry.count(Metric.DEAD_LETTERS, letter.errorCode().id());
        String id = record.topic() + "/" + record.partition() + "/" + record.offset();
        ProducerRecord<String, DeadLetter> out = new ProducerRecord<>(Topics.DEAD_LETTER.name(), id, letter);
        EventHeaders.set(out.headers(), id, "/palimpsest/inbox", Topics.DEAD_LETTER, id, traceparent);
        return TransactionalWork.bytes(Topics.DEAD_LETTER, out);
    }

    private Consumer<byte[], byte[]> consumer() {
        Map<String, Object> properties = new HashMap<>(kafka.staticConsumer("inbox", GROUP, instance));
        properties.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, 200);
        return new KafkaConsumer<>(properties, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }

    private Producer<byte[], byte[]> producer() {
        return new KafkaProducer<>(
                kafka.transactionalProducer("inbox-out-" + instance, "palimpsest-inbox-" + instance),
                new ByteArraySerializer(),
                new ByteArraySerializer());
    }
}
