package io.palimpsest.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import io.palimpsest.contracts.event.DocumentAccepted;
import io.palimpsest.contracts.event.DocumentAccepted.Effect;
import io.palimpsest.contracts.event.DocumentChanged;
import io.palimpsest.contracts.event.DocumentRevised;
import io.palimpsest.contracts.event.LedgerEntry;
import io.palimpsest.contracts.id.DocumentKey;
import io.palimpsest.contracts.topic.Topic;
import io.palimpsest.contracts.topic.Topics;
import io.palimpsest.embedded.EmbeddedKafka;
import io.palimpsest.ingest.gate.AcceptedEntries;
import io.palimpsest.ingest.gate.Changes;
import io.palimpsest.ingest.gate.GateCounters;
import io.palimpsest.ingest.gate.GateTopology;
import io.palimpsest.ingest.revise.Extractions;
import io.palimpsest.ingest.revise.RevisionTopology;
import io.palimpsest.platform.config.Settings;
import io.palimpsest.platform.kafka.TopicCatalog;
import io.palimpsest.platform.ledger.LedgerEntries;
import io.palimpsest.platform.stream.StreamsRunner;
import io.palimpsest.platform.stream.StreamsSettings;
import io.palimpsest.testkit.source.FaultySource;
import io.palimpsest.testkit.source.FaultySource.Faults;
import io.palimpsest.testkit.source.NewestWins;
import io.palimpsest.testkit.source.NewestWins.Expected;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Both topologies at a real broker, stopped and started again in the middle. */
final class StreamsIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final long SEED = 20261101;

    @TempDir
    Path directory;

    @Test
    void restartInTheMiddleOfAFaultyHistoryEndsAsTheOracleSays() throws Exception {
        FaultySource source = new FaultySource(SEED, 20, 400, Faults.MANY);
        List<DocumentChanged> deliveries = source.deliveries();
        int half = deliveries.size() / 2;
        try (EmbeddedKafka kafka = EmbeddedKafka.start(directory.resolve("kafka"), 0)) {
            String servers = kafka.bootstrapServers();
            try (Admin admin = Admin.create(Map.of("bootstrap.servers", servers))) {
                new TopicCatalog(Settings.defaults(directory).kafka().at(servers), Topics.all()).ensure(admin);
            }
            try (Running first = Running.start(servers, directory.resolve("state"))) {
                produce(servers, Topics.CHANGED, keyed(deliveries.subList(0, half)));
                read(servers, Topics.ACCEPTED, accepted -> !accepted.isEmpty());
            }
            try (Running second = Running.start(servers, directory.resolve("state"))) {
                produce(servers, Topics.CHANGED, keyed(deliveries.subList(half, deliveries.size())));
                List<DocumentAccepted> accepted = everyAccepted(servers, deliveries.size());
                extract(servers, accepted);
                check(source, servers, accepted);
            }
        }
    }

    private static void check(FaultySource source, String servers, List<DocumentAccepted> accepted) throws Exception {
        Map<DocumentKey, Long> newest = new HashMap<>();
        accepted.forEach(a -> newest.merge(a.key(), a.version(), Math::max));
        assertThat(accepted.stream().map(DocumentAccepted::changeId).distinct().count())
                .isEqualTo(accepted.size());
        Map<DocumentKey, DocumentRevised> shown = newest(read(
                servers,
                Topics.REVISED,
                revised -> newest(revised).values().stream()
                                .filter(r -> r.version() == newest.getOrDefault(r.key(), 0L))
                                .count()
                        == newest.size()));
        for (Map.Entry<DocumentKey, Expected> expected :
                NewestWins.of(source.history()).entrySet()) {
            assertThat(shown.get(expected.getKey())).as("%s", source).satisfies(revised -> {
                assertThat(revised.state() == DocumentRevised.State.LIVE)
                        .isEqualTo(expected.getValue().content() != null);
                assertThat(revised.location()).isEqualTo(expected.getValue().location());
            });
        }
        List<LedgerEntry> entries = read(servers, Topics.LEDGER_ENTRY, found -> found.size() >= accepted.size());
        Set<String> ids = entries.stream().map(LedgerEntry::entryId).collect(Collectors.toSet());
        assertThat(entries).hasSize(accepted.size());
        assertThat(ids).hasSize(accepted.size());
    }

    /** Every delivery has ended: what was not accepted was dropped. */
    private static List<DocumentAccepted> everyAccepted(String servers, int deliveries) throws Exception {
        Instant deadline = Instant.now().plus(PATIENCE);
        while (Instant.now().isBefore(deadline)) {
            List<DocumentAccepted> accepted = read(servers, Topics.ACCEPTED, found -> !found.isEmpty());
            int dropped =
                    read(servers, Topics.DROPPED, found -> !found.isEmpty()).size();
            if (accepted.size() + dropped == deliveries) {
                return accepted;
            }
        }
        throw new AssertionError("not every change ended within " + PATIENCE);
    }

    private static void extract(String servers, List<DocumentAccepted> accepted) {
        produce(
                servers,
                Topics.EXTRACTED,
                accepted.stream()
                        .filter(a -> a.effect() == Effect.CONTENT)
                        .map(Extractions::good)
                        .map(e -> Map.entry(e.key(), e))
                        .toList());
    }

    private static Map<DocumentKey, DocumentRevised> newest(List<DocumentRevised> revised) {
        Map<DocumentKey, DocumentRevised> newest = new HashMap<>();
        revised.forEach(r -> newest.put(r.key(), r));
        return newest;
    }

    private static List<Map.Entry<DocumentKey, DocumentChanged>> keyed(List<DocumentChanged> changes) {
        return changes.stream().map(c -> Map.entry(c.key(), c)).toList();
    }

    private static <K, V> void produce(String servers, Topic<K, V> topic, List<Map.Entry<K, V>> records) {
        Map<String, Object> config = Map.of("bootstrap.servers", servers);
        try (KafkaProducer<K, V> producer = new KafkaProducer<>(
                config, topic.key().serializer(), topic.value().serializer())) {
            for (Map.Entry<K, V> record : records) {
                var unused = producer.send(new ProducerRecord<>(topic.name(), record.getKey(), record.getValue()));
            }
            producer.flush();
        }
    }

    /** Reads from the start until what was found suffices, then on until nothing more comes. */
    private static <K, V> List<V> read(String servers, Topic<K, V> topic, Predicate<List<V>> enough) {
        Map<String, Object> config = Map.of("bootstrap.servers", servers, "isolation.level", "read_committed");
        try (KafkaConsumer<K, V> consumer = new KafkaConsumer<>(
                config, topic.key().deserializer(), topic.value().deserializer())) {
            var partitions = consumer.partitionsFor(topic.name()).stream()
                    .map(p -> new TopicPartition(p.topic(), p.partition()))
                    .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            List<V> found = new ArrayList<>();
            Instant deadline = Instant.now().plus(PATIENCE);
            while (Instant.now().isBefore(deadline)) {
                var records = consumer.poll(Duration.ofMillis(300));
                records.forEach(record -> found.add(record.value()));
                if (records.isEmpty() && enough.test(found)) {
                    return found;
                }
            }
            throw new AssertionError(topic.name() + " holds " + found.size() + " records, which is not enough");
        }
    }

    private record Running(StreamsRunner gate, StreamsRunner revise) implements AutoCloseable {
        static Running start(String servers, Path state) throws InterruptedException {
            StreamsSettings settings = StreamsSettings.of(servers, state);
            LedgerEntries entries = new LedgerEntries(new byte[32]);
            Running running = new Running(
                    new StreamsRunner(
                            "palimpsest-gate",
                            () -> GateTopology.build(Changes.RULES, GateCounters.NONE, new AcceptedEntries(entries)),
                            settings),
                    new StreamsRunner(
                            "palimpsest-revise", () -> RevisionTopology.build(code -> {}, Optional::empty), settings));
            running.gate.start();
            running.revise.start();
            running.gate.awaitRunning(PATIENCE);
            running.revise.awaitRunning(PATIENCE);
            return running;
        }

        @Override
        public void close() {
            gate.close();
            revise.close();
        }
    }
}
