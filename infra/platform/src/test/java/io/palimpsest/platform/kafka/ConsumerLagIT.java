package io.palimpsest.platform.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import io.palimpsest.contracts.topic.Topic;
import io.palimpsest.embedded.EmbeddedKafka;
import io.palimpsest.platform.config.Settings;
import io.palimpsest.platform.retry.Condition;
import io.palimpsest.platform.telemetry.Telemetry;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Future;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.KafkaShareConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.Serdes;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is told is what the groups have not worked off, and nothing while Kafka is away. */
final class ConsumerLagIT {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Topic<byte[], byte[]> WORK =
            new Topic<>("work", Serdes.ByteArray(), Serdes.ByteArray(), 2, Duration.ofDays(1), Topic.Cleanup.DELETE);

    @Test
    void lagOfConsumersAndSharersIsToldUntilKafkaIsAway(@TempDir Path folder) throws Exception {
        Telemetry telemetry = Telemetry.local();
        EmbeddedKafka broker = EmbeddedKafka.start(folder.resolve("kafka"), 0);
        KafkaClients clients = new KafkaClients(
                Settings.load(Map.of("kafka.lag.interval", "PT0.2S")).kafka().at(broker.bootstrapServers()));
        try (Admin admin = Admin.create(clients.common("test"))) {
            new TopicCatalog(clients.settings(), List.of(WORK)).ensure(admin);
            ShareGroup.ensure(clients.settings(), admin, "sharing");
        }
        produce(clients, 10);

        try (ConsumerLag lag = ConsumerLag.start(
                clients,
                List.of(
                        FollowedGroup.consumers("reader", "reading", WORK),
                        FollowedGroup.sharers("sharer", "sharing", WORK)),
                telemetry)) {
            told(telemetry, "reader", "10.0");
            told(telemetry, "sharer", "10.0");

            read(clients, 10);
            told(telemetry, "reader", "0.0");
            told(telemetry, "sharer", "10.0");

            share(clients, 10);
            told(telemetry, "sharer", "0.0");

            produce(clients, 3);
            told(telemetry, "reader", "3.0");
            told(telemetry, "sharer", "3.0");

            broker.close();
            told(telemetry, "reader", "NaN");
        } finally {
            broker.close();
            telemetry.close();
        }
    }

    private static void told(Telemetry telemetry, String group, String lag) throws InterruptedException {
        String line = "palimpsest_kafka_lag_records{group=\"" + group + "\",topic=\"work\"} " + lag;
        assertThat(Condition.await(() -> telemetry.scrape().contains(line), PATIENCE, Duration.ofMillis(50)))
                .as(() -> line + "\n"
                        + telemetry
                                .scrape()
                                .lines()
                                .filter(l -> l.contains("lag"))
                                .toList())
                .isTrue();
    }

    private static void produce(KafkaClients clients, int count) {
        try (KafkaProducer<byte[], byte[]> producer =
                new KafkaProducer<>(clients.producer("test"), new ByteArraySerializer(), new ByteArraySerializer())) {
            for (int i = 0; i < count; i++) {
                Future<?> unused = producer.send(new ProducerRecord<>("work", new byte[] {(byte) i}, new byte[1]));
            }
        }
    }

    private static void read(KafkaClients clients, int count) {
        try (KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(
                clients.consumer("test", "reading"), new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            consumer.subscribe(List.of("work"));
            int seen = 0;
            long deadline = System.nanoTime() + PATIENCE.toNanos();
            while (seen < count && System.nanoTime() < deadline) {
                seen += consumer.poll(Duration.ofMillis(100)).count();
            }
            consumer.commitSync();
        }
    }

    private static void share(KafkaClients clients, int count) {
        try (KafkaShareConsumer<byte[], byte[]> consumer = new KafkaShareConsumer<>(
                clients.shareConsumer("test", "sharing"), new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            consumer.subscribe(List.of("work"));
            int seen = 0;
            long deadline = System.nanoTime() + PATIENCE.toNanos();
            while (seen < count && System.nanoTime() < deadline) {
                for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofMillis(100))) {
                    consumer.acknowledge(record);
                    seen++;
                }
                consumer.commitSync();
            }
        }
    }
}
