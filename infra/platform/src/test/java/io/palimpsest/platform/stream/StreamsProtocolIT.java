package io.palimpsest.platform.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.palimpsest.embedded.EmbeddedKafka;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Future;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Under either protocol a killed instance is replaced, by another one and by itself, within seconds: decision 13. It is so in
 * whatever state the kill left its directory.
 */
final class StreamsProtocolIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int PARTITIONS = 4;

    private final List<Process> processes = new ArrayList<>();

    @TempDir
    Path directory;

    private EmbeddedKafka kafka;
    private KafkaProducer<String, String> producer;
    private KafkaConsumer<String, String> consumer;
    private int sent;

    @BeforeEach
    void start() throws Exception {
        kafka = EmbeddedKafka.start(directory.resolve("kafka"), 0);
        Map<String, Object> properties = Map.of("bootstrap.servers", kafka.bootstrapServers());
        try (Admin admin = Admin.create(properties)) {
            admin.createTopics(List.of(
                            new NewTopic("in", PARTITIONS, (short) 1), new NewTopic("out", PARTITIONS, (short) 1)))
                    .all()
                    .get();
        }
        producer = new KafkaProducer<>(properties, new StringSerializer(), new StringSerializer());
        consumer = new KafkaConsumer<>(
                Map.of("bootstrap.servers", kafka.bootstrapServers(), "isolation.level", "read_committed"),
                new StringDeserializer(),
                new StringDeserializer());
        List<TopicPartition> out = new ArrayList<>();
        for (int partition = 0; partition < PARTITIONS; partition++) {
            out.add(new TopicPartition("out", partition));
        }
        consumer.assign(out);
        consumer.seekToBeginning(out);
    }

    @AfterEach
    void stop() {
        processes.forEach(Process::destroyForcibly);
        consumer.close();
        producer.close();
        kafka.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"classic", "streams"})
    void aKilledInstanceIsReplacedWithinSecondsAndCountsOnceOnly(String protocol) throws Exception {
        Process first = instance(protocol, "1");
        long toFirst = through();

        first.destroyForcibly().waitFor();
        long killed = System.nanoTime();
        Process again = instance(protocol, "1");
        through();
        long restarted = Duration.ofNanos(System.nanoTime() - killed).toMillis();

        instance(protocol, "2");
        through();
        again.destroyForcibly().waitFor();
        killed = System.nanoTime();
        through();
        long takenOver = Duration.ofNanos(System.nanoTime() - killed).toMillis();

        System.out.println("MEASURED " + protocol + ": start of process to all partitions " + toFirst
                + " ms, kill -9 and start again " + restarted + " ms, take-over by the other " + takenOver + " ms; "
                + said());
        assertThat(restarted).isLessThan(25_000);
        assertThat(takenOver).isLessThan(25_000);
    }

    /** Streams deletes the state of some killed tasks when it starts, and may be killed in the midst of that. */
    @ParameterizedTest
    @ValueSource(strings = {"classic", "streams"})
    void stateThatAKillLeftHalfDeletedIsReadAnewAndCountsOnceOnly(String protocol) throws Exception {
        Process first = instance(protocol, "1");
        through();
        through();
        first.destroyForcibly().waitFor();
        Path tasks = directory.resolve("state-1").resolve("counting-" + protocol);
        deleteAll(tasks.resolve("0_0/rocksdb/counts"), "MANIFEST-"); // for ever: nothing that is left opens
        deleteAll(tasks.resolve("0_1/rocksdb/counts"), "CURRENT"); // once: the next one takes it for empty

        instance(protocol, "1");
        through();
        assertThat(said()).contains("is not whole");
    }

    private static void deleteAll(Path store, String prefix) throws IOException {
        int deleted = 0;
        try (DirectoryStream<Path> files = Files.newDirectoryStream(store, prefix + "*")) {
            for (Path file : files) {
                Files.delete(file);
                deleted++;
            }
        }
        assertThat(deleted).as("files of the store").isPositive();
    }

    private String said() throws Exception {
        StringBuilder all = new StringBuilder();
        for (int i = 1; i <= processes.size(); i++) {
            for (String line : Files.readAllLines(directory.resolve("out-" + i + ".log"))) {
                if (line.startsWith("RUNNING")) {
                    all.append(line).append(" ms; ");
                } else if (line.contains("is not whole")) {
                    all.append(line).append("; ");
                }
            }
        }
        return all.toString();
    }

    /** One record through each partition; milliseconds until all have come, each counted once. */
    private long through() {
        long begin = System.nanoTime();
        sent++;
        for (int partition = 0; partition < PARTITIONS; partition++) {
            Future<?> unused = producer.send(new ProducerRecord<>("in", partition, "key" + partition, "record" + sent));
        }
        producer.flush();
        List<String> expected = new ArrayList<>();
        for (int partition = 0; partition < PARTITIONS; partition++) {
            expected.add("key" + partition + ":record" + sent + "=" + sent);
        }
        List<String> seen = new ArrayList<>();
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!seen.containsAll(expected) && System.nanoTime() < deadline) {
            consumer.poll(Duration.ofMillis(100)).forEach(record -> seen.add(record.key() + ":" + record.value()));
        }
        assertThat(seen).containsExactlyInAnyOrderElementsOf(expected);
        return Duration.ofNanos(System.nanoTime() - begin).toMillis();
    }

    private Process instance(String protocol, String name) throws Exception {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx256m",
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        StreamsInstance.class.getName(),
                        kafka.bootstrapServers(),
                        directory.resolve("state-" + name).toString(),
                        protocol,
                        name)
                .redirectErrorStream(true)
                .redirectOutput(directory
                        .resolve("out-" + (processes.size() + 1) + ".log")
                        .toFile())
                .start();
        processes.add(process);
        return process;
    }
}
