package io.palimpsest.platform.stream;

import io.palimpsest.contracts.topic.Topic;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.TopologyTestDriver;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.test.TestRecord;

/** A topology under test, with the properties it really runs with: one record in, what came out. */
public final class TopologyRun implements AutoCloseable {
    private static final Instant START = Instant.parse("2026-11-01T00:00:00Z");

    private final TopologyTestDriver driver;
    private Instant now = START;

    public TopologyRun(Topology topology, Path stateDirectory) {
        Properties properties =
                StreamsRunner.properties("test", StreamsSettings.of("never-contacted:9092", stateDirectory));
        driver = new TopologyTestDriver(topology, properties, START);
    }

    public <K, V> void send(Topic<K, V> topic, K key, V value) {
        send(topic, key, value, new RecordHeaders());
    }

    public <K, V> void send(Topic<K, V> topic, K key, V value, Headers headers) {
        driver.createInputTopic(
                        topic.name(), topic.key().serializer(), topic.value().serializer())
                .pipeInput(new TestRecord<>(key, value, headers, now));
    }

    public void sendBytes(Topic<?, ?> topic, byte[] key, byte[] value) {
        driver.createInputTopic(
                        topic.name(),
                        Serdes.ByteArray().serializer(),
                        Serdes.ByteArray().serializer())
                .pipeInput(new TestRecord<>(key, value, new RecordHeaders(), now));
    }

    /** What came out on a topic since the last call. */
    public <K, V> List<V> values(Topic<K, V> topic) {
        return records(topic).stream().map(TestRecord::value).toList();
    }

    public <K, V> List<TestRecord<K, V>> records(Topic<K, V> topic) {
        return driver.createOutputTopic(
                        topic.name(), topic.key().deserializer(), topic.value().deserializer())
                .readRecordsToList();
    }

    /** What lies in a store. */
    public <K, V> Map<K, V> contents(String store) {
        Map<K, V> contents = new LinkedHashMap<>();
        try (KeyValueIterator<K, V> entries =
                driver.<K, V>getKeyValueStore(store).all()) {
            entries.forEachRemaining(entry -> contents.put(entry.key, entry.value));
        }
        return contents;
    }

    /** As after a restart, which finds what was committed. */
    public <K, V> void restore(String store, Map<K, V> contents) {
        contents.forEach(driver.<K, V>getKeyValueStore(store)::put);
    }

    public void pass(Duration time) {
        now = now.plus(time);
        driver.advanceWallClockTime(time);
    }

    @Override
    public void close() {
        driver.close();
    }
}
