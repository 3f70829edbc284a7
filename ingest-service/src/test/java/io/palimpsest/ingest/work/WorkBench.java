package io.palimpsest.ingest.work;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.palimpsest.contracts.event.ContentReference;
import io.palimpsest.contracts.event.DocumentAccepted;
import io.palimpsest.contracts.event.DocumentChanged;
import io.palimpsest.contracts.event.DocumentExtracted;
import io.palimpsest.contracts.event.DocumentProperties;
import io.palimpsest.contracts.id.ChangeId;
import io.palimpsest.contracts.id.ContentHash;
import io.palimpsest.contracts.id.DocumentKey;
import io.palimpsest.contracts.id.Position;
import io.palimpsest.contracts.topic.Topics;
import io.palimpsest.embedded.EmbeddedKafka;
import io.palimpsest.ingest.erase.LateRecords;
import io.palimpsest.ingest.erase.RecentSuppressions;
import io.palimpsest.ingest.passage.PassagePolicy;
import io.palimpsest.ingest.quarantine.Quarantine;
import io.palimpsest.platform.config.Settings;
import io.palimpsest.platform.content.DocumentKeys;
import io.palimpsest.platform.content.FileContentStore;
import io.palimpsest.platform.content.MasterKey;
import io.palimpsest.platform.database.Database;
import io.palimpsest.platform.erasure.Erasing;
import io.palimpsest.platform.erasure.Suppressions;
import io.palimpsest.platform.kafka.KafkaClients;
import io.palimpsest.platform.kafka.ShareGroup;
import io.palimpsest.platform.kafka.TopicCatalog;
import io.palimpsest.platform.kafka.TopicRecords;
import io.palimpsest.platform.ledger.LedgerEntries;
import io.palimpsest.platform.telemetry.Telemetry;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.config.ConfigResource;

/** Extraction workers at a real broker, with an extractor that a test holds in its hand. */
final class WorkBench implements AutoCloseable {
    /** The least that the broker allows. */
    static final Duration LOCK = Duration.ofSeconds(15);

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    final KafkaClients kafka;
    final FakeExtractor extractor = new FakeExtractor();
    final RetryBook retries;
    final Quarantine quarantine;
    private final Suppressions suppressions;
    private final EmbeddedKafka broker;
    private final Database database;
    private final FileContentStore contents;
    private final RecentSuppressions recent;
    private final LateRecords late;
    private final FactSender sender;
    private final Telemetry telemetry = Telemetry.local();
    private final Settings settings;
    private final Path directory;

    WorkBench(Path directory) throws Exception {
        this.directory = directory;
        settings = Settings.load(Map.of("data.dir", directory.toString(), "extract.workers", "2"));
        broker = EmbeddedKafka.start(directory.resolve("kafka"), 0);
        kafka = new KafkaClients(settings.kafka().at(broker.bootstrapServers()));
        database = Database.open(settings.database());
        contents = new FileContentStore(
                directory.resolve("content"),
                new DocumentKeys(database.sql(), MasterKey.ensure(directory.resolve("master.key"))));
        suppressions = new Suppressions(database.sql(), new byte[32], Clock.systemUTC());
        recent = new RecentSuppressions(suppressions, System::nanoTime);
        late = new LateRecords(database.sql(), suppressions, recent);
        retries = new RetryBook(database.sql(), Clock.systemUTC());
        sender = new FactSender(kafka, "0");
        quarantine =
                new Quarantine(database.sql(), sender, new LedgerEntries(new byte[32]), entry -> {}, Clock.systemUTC());
        try (Admin admin = Admin.create(kafka.common("test-admin"))) {
            new TopicCatalog(kafka.settings(), Topics.all()).ensure(admin);
            ShareGroup.ensure(kafka.settings(), admin, Lane.SMALL.group());
            ConfigResource group = new ConfigResource(ConfigResource.Type.GROUP, Lane.SMALL.group());
            ConfigEntry lock = new ConfigEntry("share.record.lock.duration.ms", Long.toString(LOCK.toMillis()));
            admin.incrementalAlterConfigs(Map.of(group, List.of(new AlterConfigOp(lock, AlterConfigOp.OpType.SET))))
                    .all()
                    .get();
        }
    }

    String servers() {
        return broker.bootstrapServers();
    }

    /** Workers of both lanes, as a process has them. */
    ExtractionWorkers workers() {
        ExtractionWorkers workers = new ExtractionWorkers(
                kafka,
                settings.extract(),
                new ExtractionWorkers.Engines(
                        (uri, previous, into) -> {
                            throw new IllegalStateException("nothing is referenced here");
                        },
                        extractor,
                        PassagePolicy.standard(),
                        text -> text.split(" ", -1).length),
                new ExtractionWorkers.Stores(contents, database.sql(), quarantine, late, directory.resolve("work")),
                sender,
                telemetry,
                Clock.systemUTC());
        workers.start();
        return workers;
    }

    /** Puts a document of this text on the small lane. */
    DocumentAccepted publish(String text) throws Exception {
        DocumentKey key =
                DocumentKey.of("acme", "docs", "urn:" + ContentHash.ofText(text).value());
        ContentHash stored = contents.put(key, text.getBytes(UTF_8));
        DocumentAccepted work = new DocumentAccepted(
                key,
                1,
                ChangeId.of(key, "test", text),
                "test",
                new Position(0, 1),
                DocumentAccepted.Effect.CONTENT,
                1,
                ContentReference.stored(stored, text.length()),
                DocumentProperties.NONE,
                Instant.now(),
                Instant.now());
        try (KafkaProducer<DocumentKey, DocumentAccepted> producer = new KafkaProducer<>(
                kafka.producer("test"),
                Topics.EXTRACT_SMALL.key().serializer(),
                Topics.EXTRACT_SMALL.value().serializer())) {
            producer.send(new ProducerRecord<>(Topics.EXTRACT_SMALL.name(), key, work))
                    .get();
        }
        return work;
    }

    /** As an erasure does it, up to the records; returns when workers know of it. */
    void erase(DocumentKey document) throws Exception {
        suppressions.add(document, "e1");
        contents.eraseDocument(document);
        DocumentKey pseudonym = Erasing.pseudonym("e1", document.collectionKey());
        database.sql()
                .update(
                        "INSERT INTO document_change (change_id, document_key, tenant, collection, document_id, arrivals, duplicates,"
                                + " version, state, open, deliveries, passages, embedded, reused)"
                                + " VALUES (?, ?, ?, ?, ?, 1, 0, 2, 'DELETED', 0, 0, 0, 0, 0)",
                        DocumentChanged.idOfErasure("e1", document).value(),
                        pseudonym.toString(),
                        document.tenant().value(),
                        document.collection().value(),
                        pseudonym.document().value());
        until(() -> recent.test(document));
    }

    long rowsOf(DocumentKey document) {
        return Stream.of("quarantine_entry", "extraction", "extraction_retry")
                .mapToLong(table -> database.sql()
                        .first(
                                "SELECT COUNT(*) FROM " + table + " WHERE document_key = ?",
                                row -> row.getLong(1),
                                document.toString())
                        .orElse(0L))
                .sum();
    }

    /** The first fact about the work; waits for it. */
    DocumentExtracted fact(DocumentAccepted work) throws Exception {
        List<DocumentExtracted> found = new ArrayList<>();
        until(() -> {
            found.clear();
            found.addAll(facts(work));
            return !found.isEmpty();
        });
        return found.getFirst();
    }

    List<DocumentExtracted> facts(DocumentAccepted work) {
        return TopicRecords.of(Topics.EXTRACTED, kafka.consumer("test-facts", "test-facts")).stream()
                .map(ConsumerRecord::value)
                .filter(fact -> fact.changeId().equals(work.changeId()))
                .toList();
    }

    static void until(Callable<Boolean> condition) throws Exception {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!condition.call()) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError("not reached within " + PATIENCE);
            }
            Thread.sleep(50);
        }
    }

    @Override
    public void close() {
        sender.close();
        database.close();
        telemetry.close();
        broker.close();
    }
}
