package io.palimpsest.platform.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.palimpsest.embedded.EmbeddedKafka;
import io.palimpsest.platform.retry.Condition;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A topic that is deleted under a running topology and made again: it goes on by itself, with what it had counted. */
@SuppressWarnings("NullAway.Init") // set before it is asked
final class StreamsTopicIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Duration MISSING = Duration.ofSeconds(5);
    private static final TopicPartition OUT = new TopicPartition("out", 0);

    @TempDir
    Path directory;

    private EmbeddedKafka kafka;

    @ParameterizedTest
    @ValueSource(strings = {"classic", "streams"})
    void aSourceTopicThatWasMissingIsReadFromItsFirstRecord(String protocol) throws Exception {
        try (EmbeddedKafka broker = EmbeddedKafka.start(directory.resolve("kafka-" + protocol), 0)) {
            kafka = broker;
            make("in", "out");
            StreamsSettings settings = new StreamsSettings(
                    broker.bootstrapServers(),
                    directory.resolve("state-" + protocol),
                    1,
                    Duration.ofMillis(100),
                    protocol,
                    "1",
                    (short) 1,
                    Map.of());
            try (StreamsRunner runner =
                    new StreamsRunner("counting-" + protocol, StreamsInstance::topology, settings)) {
                runner.start();
                runner.awaitRunning(PATIENCE);
                send("a");
                send("b");
                assertThat(awaited(2)).containsExactly("a=1", "b=2");

                delete("in");
                Thread.sleep(MISSING);
                make("in");
                send("c");
                assertThat(awaited(3)).containsExactly("a=1", "b=2", "c=3");
                assertThat(Condition.await(runner::healthy, PATIENCE, Duration.ofMillis(50)))
                        .isTrue();
            }
        }
    }

    private void make(String... names) throws Exception {
        try (Admin admin = Admin.create(servers())) {
            List<NewTopic> topics = new ArrayList<>();
            for (String name : names) {
                topics.add(new NewTopic(name, 1, (short) 1));
            }
            admin.createTopics(topics).all().get();
        }
    }

    private void delete(String name) throws Exception {
        try (Admin admin = Admin.create(servers())) {
            admin.deleteTopics(List.of(name)).all().get();
        }
    }

    private void send(String value) throws Exception {
        try (KafkaProducer<String, String> producer =
                new KafkaProducer<>(servers(), new StringSerializer(), new StringSerializer())) {
            producer.send(new ProducerRecord<>("in", "key", value)).get();
        }
    }

    /** All that came so far, once there are so many. */
    private List<String> awaited(int records) throws Exception {
        List<String> seen = new ArrayList<>();
        try (KafkaConsumer<String, String> consumer = new KafkaConsumer<>(
                Map.of("bootstrap.servers", kafka.bootstrapServers(), "isolation.level", "read_committed"),
                new StringDeserializer(),
                new StringDeserializer())) {
            consumer.assign(List.of(OUT));
            consumer.seekToBeginning(List.of(OUT));
            boolean came = Condition.await(
                    () -> {
                        consumer.poll(Duration.ofMillis(100)).forEach(record -> seen.add(record.value()));
                        return seen.size() >= records;
                    },
                    PATIENCE,
                    Duration.ZERO);
            assertThat(came).as("came: %s", seen).isTrue();
        }
        return seen;
    }

    private Map<String, Object> servers() {
        return Map.of("bootstrap.servers", kafka.bootstrapServers());
    }
}
