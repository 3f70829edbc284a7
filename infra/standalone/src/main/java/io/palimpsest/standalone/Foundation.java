package io.palimpsest.standalone;

import io.palimpsest.contracts.event.LedgerEntry;
import io.palimpsest.contracts.topic.Topics;
import io.palimpsest.embedded.EmbeddedKafka;
import io.palimpsest.platform.config.ContentSettings;
import io.palimpsest.platform.config.KafkaSettings;
import io.palimpsest.platform.config.Settings;
import io.palimpsest.platform.content.ContentStore;
import io.palimpsest.platform.content.DocumentKeys;
import io.palimpsest.platform.content.FileContentStore;
import io.palimpsest.platform.content.MasterKey;
import io.palimpsest.platform.content.S3ContentStore;
import io.palimpsest.platform.database.Database;
import io.palimpsest.platform.kafka.KafkaClients;
import io.palimpsest.platform.kafka.TopicCatalog;
import io.palimpsest.platform.ledger.KafkaLedgerSink;
import io.palimpsest.platform.ledger.LedgerEntries;
import io.palimpsest.platform.ledger.LedgerSink;
import io.palimpsest.platform.security.SecretFile;
import io.palimpsest.platform.telemetry.Health;
import io.palimpsest.platform.telemetry.Metric;
import io.palimpsest.platform.telemetry.Telemetry;
import java.time.Instant;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.KafkaProducer;

/** What both services stand on, started in order and closed in reverse. */
final class Foundation implements AutoCloseable {
    private static final int COMMITMENT_KEY_BYTES = 32;

    private final Closing closing = new Closing();
    final Settings settings;
    final Telemetry telemetry;
    final Health health = new Health();
    final KafkaClients kafka;
    final String bootstrapServers;
    final Database database;
    final ContentStore store;
    final LedgerEntries entries;
    final LedgerSink ledger;

    Foundation(Settings settings) {
        this.settings = settings;
        NativeLibraries natives = new NativeLibraries(settings.dataDir().resolve("natives"));
        try {
            natives.load();
            telemetry = closing.add(new Telemetry(settings.telemetry()));
            KafkaSettings kafkaSettings = broker(settings);
            bootstrapServers = kafkaSettings.bootstrapServers();
            kafka = new KafkaClients(kafkaSettings);
            ensureTopics(kafkaSettings);
            natives.database();
            database = closing.add(Database.open(settings.database()));
            health.register(
                    "database",
                    () -> database.healthy() ? Health.State.up() : Health.State.down("the database does not answer"));
            store = contents(settings.content());
            entries = new LedgerEntries(
                    SecretFile.ensure(
                            settings.dataDir().resolve("commitment.key"),
                            () -> SecretFile.random(COMMITMENT_KEY_BYTES)),
                    type -> telemetry.count(Metric.LEDGER_ENTRIES, type.name()));
            KafkaProducer<String, LedgerEntry> producer = closing.add(new KafkaProducer<>(
                    kafka.producer("ledger"),
                    Topics.LEDGER_ENTRY.key().serializer(),
                    Topics.LEDGER_ENTRY.value().serializer()));
            ledger = new KafkaLedgerSink(producer);
            new ConfigurationLedger(settings.dataDir(), entries, ledger, producer::flush)
                    .record(settings, Instant.now());
        } catch (RuntimeException e) {
            closing.close();
            throw e;
        }
    }

    private ContentStore contents(ContentSettings content) {
        DocumentKeys keys = new DocumentKeys(database.dataSource(), MasterKey.ensure(content.masterKeyFile()));
        if (content.s3().isEmpty()) {
            return new FileContentStore(
                    content.directory(),
                    keys,
                    content.sync() ? FileContentStore.Durability.POWER : FileContentStore.Durability.PROCESS);
        }
        S3ContentStore store = closing.add(S3ContentStore.open(content.s3().get(), keys));
        health.register("content", store::state);
        return store;
    }

    private KafkaSettings broker(Settings given) {
        if (!given.kafka().isEmbedded()) {
            return given.kafka();
        }
        EmbeddedKafka broker = closing.add(EmbeddedKafka.start(
                given.dataDir().resolve("kafka"), given.kafka().embeddedPort()));
        return given.kafka().at(broker.bootstrapServers());
    }

    private void ensureTopics(KafkaSettings kafkaSettings) {
        try (Admin admin = Admin.create(kafka.common("catalog"))) {
            new TopicCatalog(Topics.all(), kafkaSettings.replicationFactor()).ensure(admin);
        }
    }

    @Override
    public void close() {
        closing.close();
    }
}
