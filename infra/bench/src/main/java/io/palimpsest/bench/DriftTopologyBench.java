package io.palimpsest.bench;

import io.palimpsest.contracts.event.Json;
import io.palimpsest.contracts.event.QueryServed;
import io.palimpsest.contracts.id.CollectionKey;
import io.palimpsest.contracts.id.GenerationId;
import io.palimpsest.contracts.id.ModelId;
import io.palimpsest.contracts.topic.Topics;
import io.palimpsest.embedded.EmbeddedKafka;
import io.palimpsest.platform.config.Settings;
import io.palimpsest.platform.kafka.TopicCatalog;
import io.palimpsest.platform.stream.StreamsRunner;
import io.palimpsest.platform.stream.StreamsSettings;
import io.palimpsest.retrain.drift.measure.Calibration;
import io.palimpsest.retrain.drift.measure.QuerySample;
import io.palimpsest.retrain.drift.measure.Reference;
import io.palimpsest.retrain.drift.measure.Vectors;
import io.palimpsest.retrain.drift.stream.DriftRules;
import io.palimpsest.retrain.drift.stream.DriftTopology;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;

/**
 * Queries per second through the topology of drift, exactly once, over a broker in the same JVM, from the first that is committed to
 * the last; and the state that is left on the disk. The queries lie in their topic before; every collection has a calibrated
 * reference, and a window ends each second.
 */
final class DriftTopologyBench {
    private static final int COLLECTIONS = 8;
    private static final int DIMENSION = 384;
    private static final int DISTINCT = 1_000;
    private static final String PLACEHOLDER = "QUERY-ID";
    private static final String APPLICATION = "drift-bench";
    private static final ModelId MODEL = new ModelId("bench/fp32/0");

    private final Report report;

    DriftTopologyBench(Report report) {
        this.report = report;
    }

    /** A moment, the processor time of the whole process, and how many queries were committed until then. */
    private record Progress(long nanos, long cpuNanos, long queries) {}

    void run(int queries) throws IOException, InterruptedException, ExecutionException {
        Path directory = Files.createTempDirectory("drift-bench");
        List<QueryServed> distinct = distinct();
        Map<CollectionKey, Reference> references = references(distinct);
        DriftRules rules = new DriftRules(50, Duration.ofSeconds(1), Duration.ofHours(1), 50, Duration.ofDays(1));
        try (EmbeddedKafka kafka = EmbeddedKafka.start(directory.resolve("kafka"), 0);
                Admin admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrapServers()))) {
            new TopicCatalog(Settings.defaults(directory).kafka().at(kafka.bootstrapServers()), Topics.all())
                    .ensure(admin);
            produce(kafka, distinct, queries);
            StreamsSettings settings = new StreamsSettings(
                    kafka.bootstrapServers(),
                    directory.resolve("streams"),
                    2,
                    Duration.ofMillis(100),
                    "classic",
                    "",
                    (short) 1,
                    Map.of());
            try (StreamsRunner runner = new StreamsRunner(
                    APPLICATION,
                    () -> DriftTopology.build(rules, collection -> Optional.ofNullable(references.get(collection))),
                    settings)) {
                runner.start();
                measure(admin, queries);
            }
            report.row(
                    "drift-topology-state",
                    Map.of(
                            "collections",
                            COLLECTIONS,
                            "bytes-per-collection",
                            size(directory.resolve("streams")) / COLLECTIONS));
        } finally {
            delete(directory);
        }
    }

    private void measure(Admin admin, int queries) throws InterruptedException, ExecutionException {
        List<Progress> progress = new ArrayList<>();
        long committed = 0;
        while (committed < queries) {
            LockSupport.parkNanos(Duration.ofMillis(50).toNanos());
            committed = committed(admin);
            if (committed > 0) {
                progress.add(new Progress(System.nanoTime(), cpuNanos(), committed));
            }
        }
        Progress first = progress.getFirst();
        Progress last = progress.getLast();
        report.row(
                "drift-topology",
                Map.of(
                        "queries",
                        queries,
                        "per-second",
                        rate(progress, 0),
                        "per-second-second-half",
                        rate(progress, queries / 2),
                        // Streams and broker: what other load on the machine does not change.
                        "cpu-micros-per-query",
                        (last.cpuNanos() - first.cpuNanos()) / 1e3 / Math.max(1, last.queries() - first.queries())));
    }

    private static long cpuNanos() {
        return ManagementFactory.getOperatingSystemMXBean() instanceof com.sun.management.OperatingSystemMXBean system
                ? system.getProcessCpuTime()
                : 0;
    }

    /** From the first sight of more than so many queries. */
    private static double rate(List<Progress> progress, long from) {
        Progress first =
                progress.stream().filter(p -> p.queries() >= from).findFirst().orElseGet(progress::getFirst);
        Progress last = progress.getLast();
        return (last.queries() - first.queries()) * 1e9 / Math.max(1, last.nanos() - first.nanos());
    }

    private static long committed(Admin admin) throws InterruptedException, ExecutionException {
        try {
            return admin.listConsumerGroupOffsets(APPLICATION).partitionsToOffsetAndMetadata().get().entrySet().stream()
                    .filter(entry ->
                            entry.getKey().topic().equals(Topics.QUERY_SERVED.name()) && entry.getValue() != null)
                    .mapToLong(entry -> entry.getValue().offset())
                    .sum();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof org.apache.kafka.common.errors.GroupIdNotFoundException) {
                return 0;
            }
            throw e;
        }
    }

    private static void produce(EmbeddedKafka kafka, List<QueryServed> distinct, int queries) {
        List<String> templates = distinct.stream().map(Json::writeText).toList();
        Map<String, Object> properties = new HashMap<>();
        properties.put("bootstrap.servers", kafka.bootstrapServers());
        properties.put("linger.ms", 20);
        properties.put("batch.size", 1 << 18);
        properties.put("buffer.memory", 64L << 20);
        try (KafkaProducer<String, byte[]> producer =
                new KafkaProducer<>(properties, new StringSerializer(), new ByteArraySerializer())) {
            for (int i = 0; i < queries; i++) {
                int collection = i % COLLECTIONS;
                String json = templates
                        .get(i % DISTINCT - i % DISTINCT % COLLECTIONS + collection)
                        .replace(PLACEHOLDER, String.format(Locale.ROOT, "%032x", i));
                var unused = producer.send(new ProducerRecord<>(
                        Topics.QUERY_SERVED.name(),
                        i % Topics.QUERY_SERVED.partitions(),
                        key(collection).toString(),
                        json.getBytes(StandardCharsets.UTF_8)));
            }
        }
    }

    private static CollectionKey key(int collection) {
        return CollectionKey.of("bench", "collection-" + collection);
    }

    private static List<QueryServed> distinct() {
        Random random = new Random(1);
        List<QueryServed> queries = new ArrayList<>();
        for (int i = 0; i < DISTINCT; i++) {
            float[] vector = new float[DIMENSION];
            double squares = 0;
            for (int d = 0; d < DIMENSION; d++) {
                vector[d] = (float) random.nextGaussian();
                squares += vector[d] * vector[d];
            }
            for (int d = 0; d < DIMENSION; d++) {
                vector[d] /= (float) Math.sqrt(squares);
            }
            queries.add(new QueryServed(
                    PLACEHOLDER,
                    key(i % COLLECTIONS),
                    new GenerationId("bench.0"),
                    MODEL,
                    false,
                    10,
                    Math.clamp(0.6 + 0.1 * random.nextGaussian(), -1, 1),
                    random.nextInt(11) / 10.0,
                    5 + random.nextInt(20),
                    12,
                    Vectors.encode(vector),
                    Instant.parse("2026-11-01T00:00:00Z").plusSeconds(i)));
        }
        return queries;
    }

    private static Map<CollectionKey, Reference> references(List<QueryServed> distinct) {
        List<QuerySample> samples = distinct.stream().map(QuerySample::of).toList();
        Map<CollectionKey, Reference> references = new HashMap<>();
        for (int i = 0; i < COLLECTIONS; i++) {
            references.put(
                    key(i),
                    new Calibration(0.01, List.of(50, 100, 200), 500)
                            .take(new Calibration.Period(
                                    key(i),
                                    MODEL,
                                    Instant.EPOCH,
                                    Instant.EPOCH,
                                    samples,
                                    new Reference.FeedbackReference(0, 0))));
        }
        return references;
    }

    private static long size(Path directory) throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            return files.filter(Files::isRegularFile)
                    .mapToLong(file -> file.toFile().length())
                    .sum();
        }
    }

    private static void delete(Path directory) throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            files.sorted(java.util.Comparator.reverseOrder()).forEach(file -> {
                try {
                    Files.delete(file);
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
        }
    }
}
