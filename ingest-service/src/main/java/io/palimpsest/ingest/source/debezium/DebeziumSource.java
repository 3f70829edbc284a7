package io.palimpsest.ingest.source.debezium;

import io.palimpsest.ingest.intake.ChangeIntake;
import io.palimpsest.platform.database.Sql;
import io.palimpsest.platform.kafka.ConsumerLoop;
import io.palimpsest.platform.kafka.KafkaClients;
import io.palimpsest.platform.kafka.TransactionalWork;
import io.palimpsest.platform.retry.BackOff;
import io.palimpsest.platform.security.Caller;
import io.palimpsest.platform.telemetry.Telemetry;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes Debezium's change events from the topics that the mapping names: each becomes changes or a dead letter, in the same
 * transaction as the position in the topic.
 *
 * <p>Threading: the thread of its {@link #loop}. Ordering: as in the topics' partitions.
 * Failure: broker, store and database are waited for, and nothing is dropped; a topic that is not there yet is waited for.
 */
public final class DebeziumSource {
    public static final String GROUP = "palimpsest-debezium";

    private static final Logger LOG = LoggerFactory.getLogger(DebeziumSource.class);
    private static final ConsumerLoop.Pace PACE = new ConsumerLoop.Pace(
            "debezium", Duration.ofMillis(500), BackOff.constant(Duration.ofSeconds(1)), Duration.ofSeconds(10));

    private final KafkaClients kafka;
    private final String instance;
    private final List<TableMapping> tables;
    private final Binding binding;
    private final TopicLives lives;
    private final Parts parts;

    /**
     * Whose documents the rows are.
     *
     * @param defaultCollection of tables that name none
     * @param defaultAccess of documents whose table names none
     */
    public record Binding(Caller caller, String defaultCollection, List<String> defaultAccess) {}

    /** What it works with. */
    public record Parts(ChangeIntake intake, Sql sql, Telemetry telemetry, Clock clock) {}

    /** @param instance name of this process among its like, stable over restarts */
    public DebeziumSource(KafkaClients kafka, String instance, Mapping mapping, Binding binding, Parts parts) {
        this.kafka = kafka;
        this.instance = instance;
        this.tables = mapping.tables();
        this.binding = binding;
        this.lives = new TopicLives(parts.sql(), kafka.settings().bootstrapServers());
        this.parts = parts;
    }

    /** One that is not started yet. */
    public ConsumerLoop<byte[], byte[]> loop() {
        return new ConsumerLoop<>(PACE, this::consumer, Taking::new);
    }

    private final class Taking implements ConsumerLoop.Work<byte[], byte[]> {
        private final RowRecords records;
        private final TransactionalWork<byte[], byte[]> work;

        Taking() {
            records = new RowRecords(tables, binding, parts);
            work = new TransactionalWork<>(
                    tables.stream().map(TableMapping::topic).toList(),
                    DebeziumSource.this::producer,
                    records::outcomes);
        }

        @Override
        public void begin(Consumer<byte[], byte[]> consumer) {
            try (Admin admin = Admin.create(kafka.common("debezium-topics-" + instance))) {
                Map<String, TopicLives.Life> found = lives.of(tables, admin);
                tables.stream()
                        .filter(table -> !found.containsKey(table.topic()))
                        .forEach(table -> LOG.atWarn()
                                .addKeyValue("topic", table.topic())
                                .log(
                                        "Kafka at {} has no topic {} yet: it is waited for, or correct debezium.source.mapping",
                                        kafka.settings().bootstrapServers(),
                                        table.topic()));
                records.live(found);
            }
            work.begin(consumer);
        }

        @Override
        public void polled(ConsumerRecords<byte[], byte[]> polled, Consumer<byte[], byte[]> consumer) {
            work.polled(polled, consumer);
        }

        @Override
        public void close() {
            work.close();
        }
    }

    private Consumer<byte[], byte[]> consumer() {
        Map<String, Object> properties = new HashMap<>(kafka.staticConsumer("debezium", GROUP, instance));
        properties.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, 200);
        properties.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
        properties.put(ConsumerConfig.METADATA_MAX_AGE_CONFIG, 10_000); // Debezium makes topics with their first event
        return new KafkaConsumer<>(properties, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }

    private Producer<byte[], byte[]> producer() {
        return new KafkaProducer<>(
                kafka.transactionalProducer("debezium-out-" + instance, "palimpsest-debezium-" + instance),
                new ByteArraySerializer(),
                new ByteArraySerializer());
    }
}
