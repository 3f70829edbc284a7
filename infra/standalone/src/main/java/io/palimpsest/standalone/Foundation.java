package io.palimpsest.standalone;

import io.palimpsest.contracts.event.LedgerEntry;
import io.palimpsest.contracts.topic.Topics;
import io.palimpsest.embedded.EmbeddedKafka;
import io.palimpsest.platform.config.KafkaSettings;
import io.palimpsest.platform.config.Settings;
import io.palimpsest.platform.content.ContentStore;
import io.palimpsest.platform.content.DocumentKeys;
import io.palimpsest.platform.content.FileContentStore;
import io.palimpsest.platform.content.MasterKey;
import io.palimpsest.platform.database.Database;
import io.palimpsest.platform.kafka.KafkaCheck;
import io.palimpsest.platform.kafka.KafkaClients;
import io.palimpsest.platform.kafka.KafkaCluster;
import io.palimpsest.platform.kafka.TopicCatalog;
import io.palimpsest.platform.ledger.KafkaLedgerSink;
import io.palimpsest.platform.ledger.LedgerEntries;
import io.palimpsest.platform.ledger.LedgerSink;
import io.palimpsest.platform.security.SecretFile;
import io.palimpsest.platform.telemetry.Health;
import io.palimpsest.platform.telemetry.Metric;
import io.palimpsest.platform.telemetry.Telemetry;
import io.palimpsest.platform.temporal.TemporalConnection;
import java.time.Instant;
import java.util.Optional;
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
    /** Empty without an address; the workflows of retraining will run on it. */
    final Optional<TemporalConnection> temporal;

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
            KafkaCluster cluster = KafkaCheck.await(new KafkaClients(kafkaSettings));
            kafka = new KafkaClients(kafkaSettings.with(cluster.streamsProtocol(kafkaSettings.streamsProtocol())));
            ensureTopics(kafkaSettings);
            temporal = settings.temporal().address().map(address -> temporal(settings));
            natives.database();
            database = closing.add(Database.open(settings.database()));
            health.register(
                    "database",
                    () -> database.healthy() ? Health.State.up() : Health.State.down("the database does not answer"));
            store = new FileContentStore(
                    settings.content().directory(),
                    new DocumentKeys(
                            database.dataSource(),
                            MasterKey.ensure(settings.content().masterKeyFile())),
                    settings.content().sync()
                            ? FileContentStore.Durability.POWER
                            : FileContentStore.Durability.PROCESS);
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

    private KafkaSettings broker(Settings given) {
        if (!given.kafka().isEmbedded()) {
            return given.kafka();
        }
        EmbeddedKafka broker = closing.add(EmbeddedKafka.start(
                given.dataDir().resolve("kafka"), given.kafka().embeddedPort()));
        return given.kafka().at(broker.bootstrapServers());
    }

    private TemporalConnection temporal(Settings given) {
        TemporalConnection connection = closing.add(TemporalConnection.open(given.temporal()));
        health.register(
                "temporal",
                () -> connection.healthy() ? Health.State.up() : Health.State.down("Temporal does not answer"));
        return connection;
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
