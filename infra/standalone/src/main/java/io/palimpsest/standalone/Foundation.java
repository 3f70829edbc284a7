package io.palimpsest.standalone;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.crypto.tink.Aead;
import io.palimpsest.bridges.BridgesApp;
import io.palimpsest.contracts.event.LedgerEntry;
import io.palimpsest.contracts.id.TenantId;
import io.palimpsest.contracts.topic.Topics;
import io.palimpsest.embedded.EmbeddedKafka;
import io.palimpsest.ingest.IngestApp;
import io.palimpsest.ledger.LedgerParts;
import io.palimpsest.platform.closing.Closing;
import io.palimpsest.platform.config.KafkaSettings;
import io.palimpsest.platform.config.ServiceSettings;
import io.palimpsest.platform.config.Settings;
import io.palimpsest.platform.content.ContentStore;
import io.palimpsest.platform.content.MasterKey;
import io.palimpsest.platform.content.SharedSecrets;
import io.palimpsest.platform.database.Database;
import io.palimpsest.platform.erasure.SuppressingContentStore;
import io.palimpsest.platform.erasure.Suppressions;
import io.palimpsest.platform.kafka.KafkaCheck;
import io.palimpsest.platform.kafka.KafkaClients;
import io.palimpsest.platform.kafka.KafkaCluster;
import io.palimpsest.platform.kafka.TopicCatalog;
import io.palimpsest.platform.kafka.TopicWatch;
import io.palimpsest.platform.lease.Leases;
import io.palimpsest.platform.ledger.KafkaLedgerSink;
import io.palimpsest.platform.ledger.KeptThresholds;
import io.palimpsest.platform.ledger.LedgerEntries;
import io.palimpsest.platform.ledger.LedgerSink;
import io.palimpsest.platform.model.ModelStore;
import io.palimpsest.platform.registry.Aliases;
import io.palimpsest.platform.registry.Cards;
import io.palimpsest.platform.registry.Registrations;
import io.palimpsest.platform.registry.Registry;
import io.palimpsest.platform.registry.RegistryRoutes;
import io.palimpsest.platform.registry.RunEvaluations;
import io.palimpsest.platform.security.SecretFile;
import io.palimpsest.platform.security.ServiceKeys;
import io.palimpsest.platform.telemetry.Health;
import io.palimpsest.platform.telemetry.Metric;
import io.palimpsest.platform.telemetry.Telemetry;
import io.palimpsest.platform.temporal.TemporalConnection;
import io.palimpsest.retrain.RetrainParts;
import io.palimpsest.retrain.workflow.IndexApi;
import io.palimpsest.verifier.manifest.VrfSecret;
import java.net.http.HttpClient;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.KafkaProducer;

/** What the services of a process stand on, started in order and closed in reverse. */
final class Foundation implements AutoCloseable {
    private static final int COMMITMENT_KEY_BYTES = 32;
    private static final int SERVICE_KEY_BYTES = 32;
    private static final int SUPPRESSION_KEY_BYTES = 32;
    /** One small request; a topic is made again after two. Arbitrary. */
    private static final Duration LOOK = Duration.ofSeconds(3);

    private final Closing closing;
    final Settings settings;
    private final TopicWatch topics;
    final Telemetry telemetry;
    final Health health = new Health();
    final KafkaClients kafka;
    final String bootstrapServers;
    /** Of the workflows of retraining; empty in a process that runs none. */
    final Optional<TemporalConnection> temporal;

    /** The same in all processes. */
    final byte[] feedbackKey;

    /** By which the retrain service calls the index service. */
    final ServiceKeys serviceKeys;

    /** Places documents in manifests of the index. */
    final Supplier<VrfSecret> manifestKey;

    final Database database;
    final Leases leases;
    final Instance instance;
    final Aead master;
    /** Documents that were erased, and must not come back. */
    final Suppressions suppressions;

    final ContentStore store;
    final ModelStore models;
    final LedgerEntries entries;
    final LedgerSink ledger;
    final Registry registry;

    static Foundation of(Settings settings) {
        return Closing.making(closing -> new Foundation(settings, closing));
    }

    private Foundation(Settings settings, Closing closing) {
        this.closing = closing;
        this.settings = settings;
        NativeLibraries natives = new NativeLibraries(settings.dataDir().resolve("natives"));
        natives.load();
        telemetry = closing.add(new Telemetry(settings.telemetry()));
        KafkaSettings kafkaSettings = broker(settings);
        bootstrapServers = kafkaSettings.bootstrapServers();
        KafkaCluster cluster = KafkaCheck.await(new KafkaClients(kafkaSettings));
        kafka = new KafkaClients(kafkaSettings.with(cluster.streamsProtocol(kafkaSettings.streamsProtocol())));
        TopicCatalog catalog = new TopicCatalog(kafkaSettings, Topics.all());
        List<TopicCatalog.Missed> missed = ensured(catalog);
        temporal = settings.services().runs(ServiceSettings.Service.RETRAIN)
                ? Optional.of(temporal(settings))
                : Optional.empty();
        natives.database();
        database = closing.add(Database.open(settings.database()));
        health.register("database", database::state);
        leases = closing.add(
                new Leases(database.sql(), mark(settings.dataDir().resolve("instance.id")), Leases.Pace.NORMAL));
        instance = new Instance(Instance.name(settings.services()), leases);
        master = MasterKey.ensure(settings.content().masterKeyFile());
        SharedSecrets secrets = new SharedSecrets(database.sql(), master);
        entries = new LedgerEntries(
                secrets.ensure("commitment.key", () -> commitmentKey(settings)),
                type -> telemetry.count(Metric.LEDGER_ENTRIES, type.name()));
        feedbackKey = secrets.ensure("feedback.key", () -> SecretFile.random(COMMITMENT_KEY_BYTES));
        serviceKeys = new ServiceKeys(secrets.ensure("service.key", () -> SecretFile.random(SERVICE_KEY_BYTES)));
        manifestKey = () -> VrfSecret.of(secrets.ensure(
                "manifest.key", () -> VrfSecret.generate(new SecureRandom()).bytes()));
        suppressions = new Suppressions(
                database.sql(),
                secrets.ensure("suppression.key", () -> SecretFile.random(SUPPRESSION_KEY_BYTES)),
                Clock.systemUTC());
        store = new SuppressingContentStore(
                ContentChoice.open(settings, database, master, secrets, health, closing), suppressions);
        models = new ModelStore(
                store, database.sql(), settings.dataDir().resolve("models").resolve("stored"), Clock.systemUTC());
        KafkaProducer<String, LedgerEntry> producer = closing.add(new KafkaProducer<>(
                kafka.producer("ledger"),
                Topics.LEDGER_ENTRY.key().serializer(),
                Topics.LEDGER_ENTRY.value().serializer()));
        ledger = new KafkaLedgerSink(producer);
        registry = new Registry(database.sql(), Clock.systemUTC(), new Registrations(entries, ledger));
        new ConfigurationLedger(
                        settings.dataDir(),
                        actor(settings),
                        entries,
                        ledger,
                        new KeptThresholds(database.sql())::keep,
                        producer::flush)
                .record(settings, Instant.now());
        MissedTopics told = new MissedTopics(entries, ledger, actor(settings));
        missed.forEach(told);
        topics = closing.add(new TopicWatch(catalog, () -> Admin.create(kafka.common("topics")), told, LOOK));
        health.register("topics", topics.start()::state);
    }

    IngestApp.Platform forIngest() {
        return new IngestApp.Platform(
                settings,
                kafka,
                database.sql(),
                leases,
                store,
                telemetry,
                health,
                entries,
                ledger,
                suppressions,
                () -> topics.life(Topics.REVISED),
                Clock.systemUTC(),
                instance.name());
    }

    LedgerParts forLedger() {
        return new LedgerParts(
                settings.ledger(),
                kafka,
                database.sql(),
                entries,
                registry,
                telemetry,
                health,
                Clock.systemUTC(),
                instance.name());
    }

    RegistryRoutes registryRoutes() {
        return new RegistryRoutes(
                registry,
                new Aliases(database.sql()),
                new Cards(database.sql(), new RunEvaluations(database.sql(), store), entries),
                Clock.systemUTC());
    }

    BridgesApp.Parts forBridges() {
        return new BridgesApp.Parts(settings, kafka, database.sql(), store, telemetry, health);
    }

    RetrainParts forRetrain(
            TemporalConnection workflows,
            Function<TenantId, IndexApi.Access> index,
            Supplier<IndexApi.Access> ingest,
            HttpClient indexClient) {
        return new RetrainParts(
                settings,
                kafka,
                database.sql(),
                store,
                models,
                workflows,
                master,
                () -> feedbackKey,
                entries,
                ledger,
                suppressions,
                telemetry,
                health,
                index,
                ingest,
                indexClient,
                leases,
                Clock.systemUTC(),
                instance.name());
    }

    /** What tells this one from all others, made at the first start. */
    static String mark(Path file) {
        return new String(
                SecretFile.ensure(file, () -> UUID.randomUUID().toString().getBytes(UTF_8)), UTF_8);
    }

    /** Alone, a process also keeps it in a file: there the database may be lost and made anew. */
    private static byte[] commitmentKey(Settings settings) {
        return settings.services().isEverything()
                ? SecretFile.ensure(
                        settings.dataDir().resolve("commitment.key"), () -> SecretFile.random(COMMITMENT_KEY_BYTES))
                : SecretFile.random(COMMITMENT_KEY_BYTES);
    }

    private String actor(Settings settings) {
        return settings.services().isEverything()
                ? "service:standalone"
                : "service:"
                        + settings.services().run().stream()
                                .map(ServiceSettings.Service::word)
                                .sorted()
                                .collect(Collectors.joining("+"))
                        + "/" + instance.name();
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
        TemporalConnection connection = closing.add(TemporalChoice.open(given, closing));
        health.register("temporal", () -> temporal(connection));
        return connection;
    }

    private static Health.State temporal(TemporalConnection connection) {
        return connection
                .trouble()
                .map(Health.State::down)
                .orElseGet(() -> connection
                        .advice()
                        .map(advice -> new Health.State(true, "ready, without search attributes: " + advice))
                        .orElseGet(Health.State::up));
    }

    private List<TopicCatalog.Missed> ensured(TopicCatalog catalog) {
        try (Admin admin = Admin.create(kafka.common("catalog"))) {
            return catalog.ensure(admin);
        }
    }

    @Override
    public void close() {
        closing.close();
    }
}
