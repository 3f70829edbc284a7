package io.palimpsest.ingest.source.s3;

import io.palimpsest.contracts.error.ErrorCode;
import io.palimpsest.contracts.error.NextAction;
import io.palimpsest.contracts.error.PalimpsestException;
import io.palimpsest.platform.kafka.ConsumerLoop;
import io.palimpsest.platform.kafka.KafkaClients;
import io.palimpsest.platform.retry.BackOff;
import io.palimpsest.platform.telemetry.Metric;
import io.palimpsest.platform.telemetry.Telemetry;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes bucket notifications from a Kafka topic. Its position is committed when what they name was looked at and published.
 *
 * <p>Threading: the thread of its {@link #loop}. Failure: bucket, database and broker are
 * waited for; what is no notification is logged, counted and passed over: the listing finds what it may have meant.
 */
public final class S3NoticeTopic {
    private static final Logger LOG = LoggerFactory.getLogger(S3NoticeTopic.class);
    private static final String GROUP = "palimpsest-s3-notices";
    private static final int AT_ONCE =
            100; // each is a request or two: all of them are done long before the group waits
    private static final ConsumerLoop.Pace PACE = new ConsumerLoop.Pace(
            "s3-notices",
            Duration.ofMillis(500),
            new BackOff(Duration.ofSeconds(1), Duration.ofSeconds(10)),
            Duration.ofSeconds(10));

    private final KafkaClients kafka;
    private final String topic;
    private final String instance;
    private final List<S3Source> sources;
    private final Telemetry telemetry;

    /** @param instance name of this process among its like, stable over restarts */
    public S3NoticeTopic(
            KafkaClients kafka, String topic, String instance, List<S3Source> sources, Telemetry telemetry) {
        this.kafka = kafka;
        this.topic = topic;
        this.instance = instance;
        this.sources = sources;
        this.telemetry = telemetry;
    }

    /** One that is not started yet. */
    public ConsumerLoop<byte[], byte[]> loop() {
        return new ConsumerLoop<>(PACE, this::consumer, Taking::new);
    }

    private final class Taking implements ConsumerLoop.Work<byte[], byte[]> {
        @Override
        public void begin(Consumer<byte[], byte[]> consumer) {
            if (consumer.partitionsFor(topic).isEmpty()) { // a subscription would wait for it without a word
                throw new PalimpsestException(
                        ErrorCode.BROKER_UNAVAILABLE,
                        "Kafka at " + kafka.settings().bootstrapServers() + " has no topic " + topic
                                + ": create it, or correct s3.source.topic");
            }
            consumer.subscribe(List.of(topic));
        }

        @Override
        public void polled(ConsumerRecords<byte[], byte[]> records, Consumer<byte[], byte[]> consumer) {
            for (ConsumerRecord<byte[], byte[]> record : records) {
                take(record);
            }
            if (!records.isEmpty()) {
                consumer.commitSync();
            }
        }
    }

    private void take(ConsumerRecord<byte[], byte[]> record) {
        if (record.value() == null) {
            return;
        }
        try {
            List<S3Notice> notices = S3Notices.read(record.value());
            sources.forEach(source -> source.noticed(notices));
        } catch (PalimpsestException e) {
            if (e.code().next() == NextAction.RETRY) {
                throw e;
            }
            telemetry.count(Metric.DEAD_LETTERS, e.code().id());
            LOG.atWarn()
                    .setCause(e)
                    .addKeyValue("topic", record.topic())
                    .addKeyValue("partition", record.partition())
                    .addKeyValue("nextOffset", record.offset() + 1)
                    .addKeyValue("errorCode", e.code().id())
                    .log("a record is no bucket notification and is passed over");
        }
    }

    private Consumer<byte[], byte[]> consumer() {
        Map<String, Object> properties = new HashMap<>(kafka.staticConsumer("s3-notices", GROUP, instance));
        properties.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, AT_ONCE);
        properties.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
        return new KafkaConsumer<>(properties, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }
}
