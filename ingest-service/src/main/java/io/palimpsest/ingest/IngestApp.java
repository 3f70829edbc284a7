package io.palimpsest.ingest;

import io.palimpsest.contracts.content.ExtractedDocument;
import io.palimpsest.contracts.event.DocumentChanged;
import io.palimpsest.contracts.id.DocumentKey;
import io.palimpsest.contracts.topic.Topics;
import io.palimpsest.ingest.erase.ForgottenDocuments;
import io.palimpsest.ingest.erase.IngestStores;
import io.palimpsest.ingest.erase.LateRecords;
import io.palimpsest.ingest.erase.RecentSuppressions;
import io.palimpsest.ingest.extract.ForkSettings;
import io.palimpsest.ingest.extract.ForkedExtractor;
import io.palimpsest.ingest.fetch.Fetcher;
import io.palimpsest.ingest.gate.AcceptedEntries;
import io.palimpsest.ingest.gate.GateRules;
import io.palimpsest.ingest.gate.GateTelemetry;
import io.palimpsest.ingest.gate.GateTopology;
import io.palimpsest.ingest.http.IngestRoutes;
import io.palimpsest.ingest.intake.ChangeIntake;
import io.palimpsest.ingest.intake.ChangePublisher;
import io.palimpsest.ingest.intake.CollectionRegistry;
import io.palimpsest.ingest.passage.PassagePolicy;
import io.palimpsest.ingest.quarantine.Quarantine;
import io.palimpsest.ingest.reconcile.ReconcilableSource;
import io.palimpsest.ingest.reconcile.Reconciler;
import io.palimpsest.ingest.reconcile.Reconciliations;
import io.palimpsest.ingest.revise.RevisionTopology;
import io.palimpsest.ingest.source.FolderSource;
import io.palimpsest.ingest.source.KafkaSource;
import io.palimpsest.ingest.source.s3.S3Source;
import io.palimpsest.ingest.timeline.AppliedThrough;
import io.palimpsest.ingest.timeline.FlowStatus;
import io.palimpsest.ingest.timeline.Timeline;
import io.palimpsest.ingest.timeline.TimelineProjector;
import io.palimpsest.ingest.work.ExtractionWorkers;
import io.palimpsest.ingest.work.FactSender;
import io.palimpsest.ingest.work.Lane;
import io.palimpsest.platform.closing.Closing;
import io.palimpsest.platform.config.Settings;
import io.palimpsest.platform.content.ContentStore;
import io.palimpsest.platform.database.Sql;
import io.palimpsest.platform.erasure.ErasableStore;
import io.palimpsest.platform.erasure.Suppressions;
import io.palimpsest.platform.http.Routes;
import io.palimpsest.platform.kafka.ConsumerLoop;
import io.palimpsest.platform.kafka.FollowedGroup;
import io.palimpsest.platform.kafka.KafkaClients;
import io.palimpsest.platform.lease.Leases;
import io.palimpsest.platform.ledger.LedgerEntries;
import io.palimpsest.platform.ledger.LedgerSink;
import io.palimpsest.platform.security.Caller;
import io.palimpsest.platform.stream.StreamsRunner;
import io.palimpsest.platform.stream.StreamsSettings;
import io.palimpsest.platform.telemetry.Health;
import io.palimpsest.platform.telemetry.Metric;
import io.palimpsest.platform.telemetry.Telemetry;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.ToIntFunction;
import java.util.stream.Stream;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.Uuid;

/**
 * The ingest service, wired: from a change to its revision.
 *
 * <p>Threading: start and close once. The topics must exist. Everything that is given stays the caller's to close.
 */
public final class IngestApp implements AutoCloseable {
    private static final Duration STREAMS_START = Duration.ofSeconds(60); // arbitrary: restoring state takes its time

    private static final String GATE = "palimpsest-gate";
    private static final String REVISE = "palimpsest-revise";

    private final Closing parts;
    private final StreamsRunner gate;
    private final StreamsRunner revise;
    private final ExtractionWorkers workers;
    private final ConsumerLoop<?, ?> projector;
    private final ConsumerLoop<?, ?> inbox;
    private final List<FolderSource> folders;
    private final List<S3Source> buckets;
    private final Optional<ConsumerLoop<?, ?>> notices;
    private final Optional<ConsumerLoop<?, ?>> rows;
    private final Reconciler reconciler;
    private final IngestRoutes routes;
    private final List<ErasableStore> stores;

    /**
     * What is there already.
     *
     * @param revisedLife id of the topic of revisions, as it was last seen; made again, it has another
     * @param instance name of this process among its like, stable over restarts
     */
    public record Platform(
            Settings settings,
            KafkaClients kafka,
            Sql sql,
            Leases leases,
            ContentStore contents,
            Telemetry telemetry,
            Health health,
            LedgerEntries ledgerEntries,
            LedgerSink ledger,
            Suppressions suppressions,
            Supplier<Optional<Uuid>> revisedLife,
            Clock clock,
            String instance) {}

    /**
     * What reads documents.
     *
     * @param tokens length of a text in the tokens of the live generation's embedder
     * @param markdown reads Markdown source into blocks
     */
    public record Engines(
            PassagePolicy passages, ToIntFunction<String> tokens, Function<String, ExtractedDocument> markdown) {}

    /** Nothing runs before {@link #start}. */
    public static IngestApp of(Platform platform, Engines engines) {
        // Streams have threads before they are started, which would keep the process alive.
        return Closing.making(parts -> new IngestApp(platform, engines, parts));
    }

    private IngestApp(Platform platform, Engines engines, Closing parts) {
        this.parts = parts;
        Settings settings = platform.settings();
        Sql sql = platform.sql();
        Clock clock = platform.clock();
        Telemetry telemetry = platform.telemetry();

        // Intake
        CollectionRegistry collections = new CollectionRegistry(sql, clock, settings.intake()::knows);
        Producer<DocumentKey, DocumentChanged> changes = parts.add(changeProducer(platform));
        String brokers = platform.kafka().settings().bootstrapServers();
        ChangePublisher publisher = new ChangePublisher(changes, brokers, telemetry.tracing());
        ChangeIntake intake = new ChangeIntake(
                settings.intake(),
                collections,
                platform.contents(),
                publisher,
                platform.suppressions()::holds,
                telemetry,
                clock);

        // Gate and revisions
        RecentSuppressions suppressions = new RecentSuppressions(platform.suppressions(), System::nanoTime);
        stores = IngestStores.of(sql, publisher, new ForgottenDocuments(changes, brokers), suppressions, clock);
        LateRecords late = new LateRecords(sql, platform.suppressions(), suppressions);
        StreamsSettings streams = StreamsSettings.of(settings, platform.kafka(), platform.instance());
        gate = parts.add(new StreamsRunner(
                GATE,
                () -> GateTopology.build(
                        GateRules.of(settings.gate(), settings.extract().largeBytes())
                                .without(suppressions),
                        new GateTelemetry(telemetry),
                        new AcceptedEntries(platform.ledgerEntries())),
                streams));
        revise = parts.add(new StreamsRunner(
                REVISE,
                () -> RevisionTopology.build(
                        code -> telemetry.count(Metric.DEAD_LETTERS, code.id()), platform.revisedLife()),
                streams));

        // Extraction
        WatchedBuckets watched = parts.add(new WatchedBuckets(settings.s3Source()));
        Fetcher fetcher = parts.add(new Fetcher(PartSettings.fetchPolicy(settings), watched.reference()));
        ForkedExtractor extractor = parts.add(new ForkedExtractor(
                PartSettings.limits(settings),
                settings.dataDir().resolve("forks"),
                engines.markdown(),
                new ForkSettings(settings.extract().workers(), 1, Duration.ofSeconds(60), List.of())));
        FactSender sender = parts.add(new FactSender(platform.kafka(), platform.instance()));
        Quarantine quarantine = new Quarantine(sql, sender, platform.ledgerEntries(), platform.ledger(), clock);
        workers = parts.add(new ExtractionWorkers(
                platform.kafka(),
                settings.extract(),
                new ExtractionWorkers.Engines(
                        new FetcherAdapter(fetcher, telemetry),
                        new ExtractorAdapter(extractor),
                        engines.passages(),
                        engines.tokens()),
                new ExtractionWorkers.Stores(
                        platform.contents(),
                        sql,
                        quarantine,
                        late,
                        settings.dataDir().resolve("work")),
                sender,
                telemetry,
                clock));

        // Where everything stands
        Timeline timeline = new Timeline(sql);
        FlowStatus status = new FlowStatus(sql, clock);
        projector = parts.add(new TimelineProjector(platform.kafka(), sql, late, platform.instance()).loop());

        // Sources
        Caller local = PartSettings.localCaller(settings);
        inbox = parts.add(new KafkaSource(
                        platform.kafka(),
                        platform.instance(),
                        new KafkaSource.Binding(local, settings.intake().collection()),
                        intake,
                        telemetry,
                        clock)
                .loop());
        folders = WatchedFolders.of(platform, local.tenant(), intake);
        folders.forEach(parts::add);
        buckets = watched.sources(platform, local.tenant(), intake);
        buckets.forEach(parts::add);
        notices = watched.topic(platform, buckets);
        notices.ifPresent(parts::add);
        rows = DatabaseRows.of(platform, local, intake);
        rows.ifPresent(parts::add);
        List<ReconcilableSource> sources = Stream.concat(
                        folders.stream().map(FolderSource::reconcilable),
                        buckets.stream().map(S3Source::reconcilable))
                .toList();
        Reconciliations reconciliations = new Reconciliations(sql, clock);
        reconciler = parts.add(new Reconciler(
                sources,
                reconciliations,
                new Reconciler.Parts(
                        sql, platform.leases(), quarantine.acts(), new AppliedThrough(sql)::followed, clock)));
        routes = new IngestRoutes(
                settings.intake(),
                new IngestRoutes.Parts(
                        intake, timeline, status, quarantine, collections, folders, buckets, sources, reconciliations));
        telemetry.gauge(Metric.QUARANTINE_SIZE, quarantine::size);
        telemetry.gauge(
                Metric.EXTRACT_QUEUE_AGE, () -> status.oldestExtraction().toMillis() / 1000.0);
        telemetry.gauge(Metric.INDEX_LAG, status::revisionsToIndex);
        registerHealth(platform.health());
    }

    /** What this service keeps of documents, in every process of it. */
    public List<ErasableStore> stores() {
        return stores;
    }

    /** Returns when changes flow. */
    public void start() throws InterruptedException {
        gate.start();
        revise.start();
        projector.start();
        workers.start();
        gate.awaitRunning(STREAMS_START);
        revise.awaitRunning(STREAMS_START);
        inbox.start();
        folders.forEach(FolderSource::start);
        buckets.forEach(S3Source::start);
        notices.ifPresent(ConsumerLoop::start);
        rows.ifPresent(ConsumerLoop::start);
        reconciler.start();
    }

    /** Whose lag is told; the timeline keeps its positions in the database. */
    public static List<FollowedGroup> groups() {
        return List.of(
                FollowedGroup.consumers("inbox", KafkaSource.GROUP, Topics.INBOX),
                FollowedGroup.consumers("gate", GATE, Topics.CHANGED),
                FollowedGroup.consumers("revise", REVISE, Topics.ACCEPTED, Topics.EXTRACTED),
                FollowedGroup.sharers("extract-small", Lane.SMALL.group(), Lane.SMALL.topic()),
                FollowedGroup.sharers("extract-large", Lane.LARGE.group(), Lane.LARGE.topic()));
    }

    public Routes routes() {
        return routes;
    }

    public List<FolderSource> folders() {
        return List.copyOf(folders);
    }

    /** Against the flow: sources first, so that nothing is taken that would have to wait. */
    @Override
    public void close() {
        parts.close();
    }

    private static Producer<DocumentKey, DocumentChanged> changeProducer(Platform platform) {
        Map<String, Object> properties = new HashMap<>(platform.kafka().producer("intake-" + platform.instance()));
        properties.put(ProducerConfig.COMPRESSION_TYPE_CONFIG, "zstd");
        // A caller waits: it is told to come again before it gives up by itself.
        properties.putIfAbsent(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, 20_000);
        properties.putIfAbsent(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, 10_000);
        properties.putIfAbsent(ProducerConfig.MAX_BLOCK_MS_CONFIG, 10_000);
        return new KafkaProducer<>(
                properties,
                Topics.CHANGED.key().serializer(),
                Topics.CHANGED.value().serializer());
    }

    private void registerHealth(Health health) {
        health.register("gate", () -> Health.State.of(gate.healthy(), "the stream of the gate does not run"));
        health.register("revise", () -> Health.State.of(revise.healthy(), "the stream of revisions does not run"));
        health.register(
                "extract", () -> Health.State.of(workers.healthy(), "the extraction workers do not reach the broker"));
        health.register(
                "timeline", () -> Health.State.of(projector.healthy(), "the timeline does not follow the topics"));
        health.register("inbox", () -> Health.State.of(inbox.healthy(), "the inbox does not reach the broker"));
        for (FolderSource folder : folders) {
            // Not where it lies: anyone may ask.
            health.register(
                    folder.name().isEmpty() ? "folder" : "folder " + folder.name(),
                    () -> Health.State.of(
                            folder.healthy(), "the folder cannot be listed; nothing is deleted while it is away"));
        }
        for (S3Source bucket : buckets) {
            health.register(
                    "bucket " + bucket.name(),
                    () -> Health.State.of(
                            bucket.healthy(), "the bucket cannot be listed; nothing is deleted while it is away"));
        }
        notices.ifPresent(topic -> health.register(
                "bucket notices",
                () -> Health.State.of(topic.healthy(), "the bucket notifications cannot be read from Kafka")));
        rows.ifPresent(source -> health.register(
                "debezium", () -> Health.State.of(source.healthy(), "Debezium's events cannot be read from Kafka")));
    }
}
