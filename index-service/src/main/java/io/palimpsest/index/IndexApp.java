package io.palimpsest.index;

import io.palimpsest.contracts.topic.Topics;
import io.palimpsest.index.answer.AnswerParts;
import io.palimpsest.index.answer.AnswerService;
import io.palimpsest.index.answer.ChatClient;
import io.palimpsest.index.answer.ChatRewriter;
import io.palimpsest.index.answer.CitationResolver;
import io.palimpsest.index.answer.ExtractiveGenerator;
import io.palimpsest.index.answer.Generator;
import io.palimpsest.index.answer.GroundingThresholds;
import io.palimpsest.index.answer.OpenAiGenerator;
import io.palimpsest.index.answer.OpenAiSettings;
import io.palimpsest.index.embed.Embedders;
import io.palimpsest.index.embed.EmbeddingCache;
import io.palimpsest.index.embed.JdbcEmbeddingCache;
import io.palimpsest.index.erase.IndexStores;
import io.palimpsest.index.erase.LateWrites;
import io.palimpsest.index.generation.GenerationActs;
import io.palimpsest.index.generation.GenerationTable;
import io.palimpsest.index.generation.Generations;
import io.palimpsest.index.http.AnswerRoutes;
import io.palimpsest.index.http.CitationRoutes;
import io.palimpsest.index.http.GenerationRoutes;
import io.palimpsest.index.http.ManifestRoutes;
import io.palimpsest.index.http.Models;
import io.palimpsest.index.http.ReceiptRoutes;
import io.palimpsest.index.http.SearchRoutes;
import io.palimpsest.index.indexer.BuildEstimates;
import io.palimpsest.index.indexer.GenerationBuilds;
import io.palimpsest.index.indexer.Indexer;
import io.palimpsest.index.indexer.IndexerLoop;
import io.palimpsest.index.indexer.Throttle;
import io.palimpsest.index.lucene.LucenePassageIndex;
import io.palimpsest.index.manifest.ManifestGate;
import io.palimpsest.index.manifest.ManifestParts;
import io.palimpsest.index.manifest.ManifestWatch;
import io.palimpsest.index.manifest.Manifests;
import io.palimpsest.index.manifest.PassageProofs;
import io.palimpsest.index.querylog.QueryFactPublisher;
import io.palimpsest.index.querylog.QueryLog;
import io.palimpsest.index.querylog.QueryRows;
import io.palimpsest.index.receipt.ReceiptOutbox;
import io.palimpsest.index.receipt.Receipts;
import io.palimpsest.index.receipt.Reruns;
import io.palimpsest.index.rerank.HttpReranker;
import io.palimpsest.index.rerank.LateInteractionReranker;
import io.palimpsest.index.rerank.Reranker;
import io.palimpsest.index.revision.RevisionView;
import io.palimpsest.index.rewrite.AcronymLearner;
import io.palimpsest.index.rewrite.Acronyms;
import io.palimpsest.index.rewrite.QueryRewriter;
import io.palimpsest.index.search.History;
import io.palimpsest.index.search.SearchParts;
import io.palimpsest.index.search.SearchService;
import io.palimpsest.index.search.ShadowReads;
import io.palimpsest.index.search.StoredTexts;
import io.palimpsest.platform.closing.Closing;
import io.palimpsest.platform.config.AnswerSettings;
import io.palimpsest.platform.config.ManifestSettings;
import io.palimpsest.platform.config.SearchSettings;
import io.palimpsest.platform.config.Secret;
import io.palimpsest.platform.cost.CostBook;
import io.palimpsest.platform.cost.CostMeter;
import io.palimpsest.platform.database.Sql;
import io.palimpsest.platform.erasure.ErasureWorker;
import io.palimpsest.platform.http.Routes;
import io.palimpsest.platform.kafka.FollowedGroup;
import io.palimpsest.platform.ledger.KafkaLedgerDelivery;
import io.palimpsest.platform.ledger.LedgerDelivery;
import io.palimpsest.platform.querylog.LoggedQueries;
import io.palimpsest.platform.querylog.TinkQueryCipher;
import io.palimpsest.platform.telemetry.Health;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.UnaryOperator;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.jspecify.annotations.Nullable;

/** The index service: indexer lanes, search, answers. Wired in reading order, closed in reverse. */
public final class IndexApp implements AutoCloseable {
    private static final long TEXT_CACHE_BYTES = 64L << 20;
    private static final int QUERY_LOG_QUEUE = 10_000;
    private static final int SHADOW_QUEUE = 100;
    private static final Duration QUERY_LOG_RETENTION = Duration.ofDays(30);
    private static final Duration RECEIPT_LATE = Duration.ofSeconds(30);
    private static final Duration RERANK_TIMEOUT = Duration.ofSeconds(10);
    private static final Duration FRESHNESS_TIMEOUT = Duration.ofSeconds(10);
    /** From here on embedding one document takes several seconds on two cores. */
    private static final int LARGE_PASSAGES = 512;

    private final IndexParts parts;
    private final Closing closing;
    private final RevisionView revisions;
    private final Embedders embedders;
    private final Generations generations;
    private final QueryRows queries;
    private final EmbeddingCache cache;
    private final IndexerLoop smallLane;
    private final IndexerLoop largeLane;
    private final IndexWatch watch;
    private final List<Routes> routes;

    /** Starts everything; the index is closed with it, or where that fails. */
    public static IndexApp start(IndexParts parts) {
        return Closing.making(closing -> new IndexApp(parts, closing));
    }

    private IndexApp(IndexParts parts, Closing closing) {
        this.parts = parts;
        this.closing = closing;
        closing.add(parts.index());
        HttpClient http =
                HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(10)).build();
        cache = new JdbcEmbeddingCache(parts.database().sql());
        embedders = closing.add(new Embedders(parts.embedder(), cache, parts.models(), parts.opener(), parts.clock()));
        GenerationTable table = new GenerationTable(parts.database().sql());
        generations = closing.add(new Generations(
                        parts.index(),
                        table,
                        new Generations.Built(
                                parts.embedder().model(), parts.embedder().dimensions(), parts.policy()),
                        parts.entries(),
                        parts.ledger(),
                        parts.clock())
                .start());
        revisions = closing.add(new RevisionView(this::revisionConsumer, parts.clock()).start());
        StoredTexts texts = new StoredTexts(parts.store(), TEXT_CACHE_BYTES);
        Acronyms acronyms = new Acronyms();
        queries = new QueryRows(
                parts.database().sql(),
                new TinkQueryCipher(parts.seal()),
                document -> parts.entries().subject(document).commitment());
        KafkaLedgerDelivery deliveries = closing.add(new KafkaLedgerDelivery(new KafkaProducer<>(
                parts.kafka().producer("receipts"),
                Topics.LEDGER_ENTRY.key().serializer(),
                Topics.LEDGER_ENTRY.value().serializer())));
        Receipts receipts = new Receipts(parts.entries());
        ReceiptOutbox outbox =
                closing.add(new ReceiptOutbox(queries, receipts, deliveries, RECEIPT_LATE, parts.clock()));
        QueryLog queryLog = closing.add(new QueryLog(
                queries,
                parts.suppressions()::among,
                new QueryLog.Beside(
                        parts.settings().ledger().receipts() ? receipts::of : asked -> Optional.empty(), outbox::offer),
                QUERY_LOG_RETENTION,
                QUERY_LOG_QUEUE,
                parts.clock()));
        QueryFactPublisher facts = closing.add(new QueryFactPublisher(
                new KafkaProducer<>(
                        parts.kafka().producer("query-facts"),
                        Topics.QUERY_SERVED.key().serializer(),
                        Topics.QUERY_SERVED.value().serializer()),
                QUERY_LOG_QUEUE));
        ShadowReads shadows = closing.add(
                new ShadowReads(parts.database().sql(), generations::known, SHADOW_QUEUE, parts.telemetry()));
        Optional<ChatClient> chat = chat(parts.settings().answer(), http);
        History history = new History(parts.settings().index().historyRetention(), parts.clock());
        SearchService search = new SearchService(new SearchParts(
                parts.index(),
                generations,
                embedders,
                revisions,
                parts.progress(),
                texts,
                new QueryRewriter(
                        parts.index(), acronyms, chat.map(client -> (UnaryOperator<String>) new ChatRewriter(client))),
                reranker(http),
                queryLog,
                facts,
                shadows,
                parts.tokens(),
                parts.telemetry(),
                FRESHNESS_TIMEOUT,
                history,
                parts.settings().search().candidates(),
                parts.clock()));
        AnswerService answers = new AnswerService(new AnswerParts(
                search,
                chat.<Generator>map(OpenAiGenerator::new).orElseGet(() -> new ExtractiveGenerator(parts.embedder())),
                parts.embedder(),
                GroundingThresholds.MINI_LM,
                parts.tokens(),
                parts.settings().answer().contextTokens(),
                parts.telemetry()));
        AcronymLearner learner = new AcronymLearner(acronyms, texts);
        CostMeter costs =
                closing.add(CostMeter.start(new CostBook(parts.database().sql(), parts.clock()), parts.clock()));
        IndexMetrics metrics = new IndexMetrics(
                parts.telemetry(),
                learner,
                costs::add,
                parts.settings().telemetry().sources());
        LateWrites writer = new LateWrites(parts.index(), cache, parts.suppressions());
        Indexer indexer = new Indexer(
                parts.store(), embedders::forPassages, writer, generations, revisions, metrics, parts.clock());
        smallLane = closing.add(lane(indexer, generations, IndexerLoop.Lane.small(LARGE_PASSAGES)));
        largeLane = closing.add(lane(indexer, generations, IndexerLoop.Lane.large(LARGE_PASSAGES)));
        GenerationBuilds.Sources sources = new GenerationBuilds.Sources(
                writer,
                parts.store(),
                embedders::forPassages,
                revisions,
                metrics,
                indexer::isBusy,
                parts.settings().generation().buildPercent());
        closing.add(GenerationBuilds.start(table, parts.index(), sources, parts.leases(), parts.clock()));
        GenerationActs acts = new GenerationActs(
                parts.index(),
                table,
                generations,
                embedders,
                revisions,
                parts.entries(),
                parts.ledger(),
                parts.telemetry(),
                GenerationActs.PATIENCE,
                parts.clock());
        ManifestParts manifestParts = manifestParts(parts, indexer, deliveries);
        Manifests made = new Manifests(manifestParts);
        ManifestWatch manifests = closing.add(new ManifestWatch(made, table, manifestParts, parts.leases()).start());
        GenerationActs unused = acts.guardedBy(new ManifestGate(
                manifestParts, made, manifests, table, parts.settings().generation()));
        routes = List.of(
                new ManifestRoutes(
                        made,
                        manifests,
                        new PassageProofs(made, manifestParts),
                        generations,
                        (collection, moment) -> GenerationTable.liveAt(table.history(collection), moment)),
                new SearchRoutes(search, parts.settings().search()),
                new AnswerRoutes(answers, parts.settings().search()),
                new CitationRoutes(new CitationResolver(revisions, texts, history)),
                new ReceiptRoutes(
                        queries,
                        new Reruns(search, generations, revisions, parts.store()),
                        parts.entries(),
                        parts.ledger(),
                        parts.clock()),
                new GenerationRoutes(
                        acts,
                        table,
                        new BuildEstimates(sources, cache),
                        shadows,
                        new Models(parts.models(), parts.embedder())));
        IndexHousekeeping housekeeping = closing.add(
                new IndexHousekeeping(parts.index(), parts.settings().index().historyRetention(), parts.clock()));
        housekeeping.onceReady(revisions::ready, () -> revisions.forEach(learner::learn));
        housekeeping.everySecond(acts::sweep);
        housekeeping.everySecond(() -> embedders.keep(generations.models()));
        watch = closing.add(
                new IndexWatch(parts.index(), parts.settings().index().wear(), parts.telemetry()).start());
        closing.add(new IndexGauges(
                        table::all,
                        Map.of("fact", facts::dropped, "log", queryLog::dropped),
                        parts.telemetry(),
                        parts.clock())
                .start());
        registerHealth();
    }

    public List<Routes> routes() {
        return routes;
    }

    /** What this service keeps of documents, where this process reaches it. */
    public List<ErasureWorker.Placed> stores() {
        Sql sql = parts.database().sql();
        // One in a folder is this process's alone; one on a server is reached by all.
        String place = parts.index() instanceof LucenePassageIndex ? parts.instance() : "";
        return IndexStores.of(
                new ErasureWorker.Placed(IndexStores.passages(parts.index()), place),
                revisions,
                parts.store(),
                cache,
                new LoggedQueries(sql, new TinkQueryCipher(parts.seal())),
                sql);
    }

    /** Whose lag is told. */
    public List<FollowedGroup> groups() {
        return List.of(smallLane.group(), largeLane.group());
    }

    /** True once searches answer from the whole history of revisions. */
    public boolean isReady() {
        return revisions.ready();
    }

    private static ManifestParts manifestParts(IndexParts parts, Indexer indexer, LedgerDelivery delivery) {
        ManifestSettings settings = parts.settings().ledger().manifest();
        return new ManifestParts(
                settings,
                parts.index(),
                parts.database().sql(),
                parts.manifestKey(),
                parts.entries(),
                parts.ledger(),
                delivery,
                parts.log(),
                new Throttle(settings.percent(), indexer::isBusy),
                parts.telemetry(),
                parts.clock(),
                parts.instance());
    }

    private IndexerLoop lane(Indexer indexer, Generations generations, IndexerLoop.Lane lane) {
        return IndexerLoop.start(
                parts.kafka(),
                indexer,
                parts.entries(),
                generations.signature() + "-" + parts.index().incarnation(),
                lane,
                parts.instance());
    }

    private KafkaConsumer<io.palimpsest.contracts.id.DocumentKey, io.palimpsest.contracts.event.DocumentRevised>
            revisionConsumer() {
        Map<String, Object> properties = parts.kafka().consumer("revision-view", "revision-view-" + UUID.randomUUID());
        properties.remove(ConsumerConfig.GROUP_ID_CONFIG);
        return new KafkaConsumer<>(
                properties,
                Topics.REVISED.key().deserializer(),
                Topics.REVISED.value().deserializer());
    }

    private static Optional<ChatClient> chat(AnswerSettings settings, HttpClient http) {
        return settings.endpoint()
                .map(endpoint -> new ChatClient(
                        http,
                        OpenAiSettings.of(
                                endpoint,
                                settings.endpointModel(),
                                secret(settings.endpointKey()),
                                settings.timeout())));
    }

    private Optional<Reranker> reranker(HttpClient http) {
        SearchSettings settings = parts.settings().search();
        if (settings.rerankEndpoint().isPresent()) {
            return Optional.of(new HttpReranker(
                    http,
                    new HttpReranker.Settings(
                            settings.rerankEndpoint().get(),
                            settings.rerankModel(),
                            secret(settings.rerankKey()),
                            RERANK_TIMEOUT)));
        }
        return parts.tokenEmbedder()
                .map(tokens ->
                        new LateInteractionReranker(tokens, parts.embedder().model()));
    }

    private static @Nullable String secret(Secret secret) {
        return secret.isPresent() ? secret.value() : null;
    }

    private void registerHealth() {
        parts.health().register("revision-view", () -> Health.State.of(revisions.ready(), "reading the revisions"));
        parts.health().register("indexer-small", () -> state(smallLane));
        parts.health().register("indexer-large", () -> state(largeLane));
        parts.health().register("index-wear", watch::state);
    }

    private static Health.State state(IndexerLoop lane) {
        return Health.State.of(lane.isHealthy(), "fails and tries again: see the log");
    }

    @Override
    public void close() {
        closing.close();
    }
}
