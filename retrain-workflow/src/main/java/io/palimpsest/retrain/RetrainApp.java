package io.palimpsest.retrain;

import io.palimpsest.contracts.event.FeedbackGiven;
import io.palimpsest.contracts.id.CollectionKey;
import io.palimpsest.contracts.topic.Topics;
import io.palimpsest.platform.closing.Closing;
import io.palimpsest.platform.config.DriftSettings;
import io.palimpsest.platform.config.JudgementSettings;
import io.palimpsest.platform.config.RetrainSettings;
import io.palimpsest.platform.config.Settings;
import io.palimpsest.platform.cost.CostBook;
import io.palimpsest.platform.erasure.ErasableStore;
import io.palimpsest.platform.erasure.ErasureTasks;
import io.palimpsest.platform.erasure.Erasures;
import io.palimpsest.platform.erasure.LegalHolds;
import io.palimpsest.platform.erasure.TaintedModels;
import io.palimpsest.platform.http.Routes;
import io.palimpsest.platform.kafka.FollowedGroup;
import io.palimpsest.platform.querylog.LoggedQueries;
import io.palimpsest.platform.querylog.QueryCipher;
import io.palimpsest.platform.querylog.TinkQueryCipher;
import io.palimpsest.platform.telemetry.Health;
import io.palimpsest.retrain.canary.Canaries;
import io.palimpsest.retrain.canary.CanaryGauges;
import io.palimpsest.retrain.canary.CanaryStore;
import io.palimpsest.retrain.canary.CanaryWatch;
import io.palimpsest.retrain.canary.MeasuredSender;
import io.palimpsest.retrain.cost.CostReports;
import io.palimpsest.retrain.cost.CostRoutes;
import io.palimpsest.retrain.drift.CorpusFacts;
import io.palimpsest.retrain.drift.DriftApp;
import io.palimpsest.retrain.drift.ReferenceStore;
import io.palimpsest.retrain.drift.policy.DriftAlarm;
import io.palimpsest.retrain.erase.ErasureDesk;
import io.palimpsest.retrain.erase.RetrainStores;
import io.palimpsest.retrain.evaluate.Approvals;
import io.palimpsest.retrain.evaluate.GateRules;
import io.palimpsest.retrain.feedback.FeedbackIntake;
import io.palimpsest.retrain.feedback.FeedbackLog;
import io.palimpsest.retrain.feedback.FeedbackOutbox;
import io.palimpsest.retrain.feedback.FeedbackRoutes;
import io.palimpsest.retrain.feedback.KeyedDigests;
import io.palimpsest.retrain.judgement.JudgementParts;
import io.palimpsest.retrain.judgement.Judgements;
import io.palimpsest.retrain.judgement.ReviewRoutes;
import io.palimpsest.retrain.judgement.RevisedDocuments;
import io.palimpsest.retrain.judgement.StoredPassageTexts;
import io.palimpsest.retrain.snapshot.ClearFolders;
import io.palimpsest.retrain.snapshot.Snapshots;
import io.palimpsest.retrain.timer.DatabaseTimers;
import io.palimpsest.retrain.timer.TemporalTimers;
import io.palimpsest.retrain.timer.TimerActivitiesImpl;
import io.palimpsest.retrain.timer.Timers;
import io.palimpsest.retrain.tune.offer.Trainers;
import io.palimpsest.retrain.workflow.DriftActivitiesImpl;
import io.palimpsest.retrain.workflow.DriftFacts;
import io.palimpsest.retrain.workflow.EraseActivitiesImpl;
import io.palimpsest.retrain.workflow.EraseRoutes;
import io.palimpsest.retrain.workflow.FeedbackActivitiesImpl;
import io.palimpsest.retrain.workflow.FineTuneRequest;
import io.palimpsest.retrain.workflow.GenerationWatch;
import io.palimpsest.retrain.workflow.IndexApi;
import io.palimpsest.retrain.workflow.LearnedRoutes;
import io.palimpsest.retrain.workflow.ReconcileActivitiesImpl;
import io.palimpsest.retrain.workflow.ReconcileRoutes;
import io.palimpsest.retrain.workflow.ReconcileStarter;
import io.palimpsest.retrain.workflow.Retirement;
import io.palimpsest.retrain.workflow.RetrainWorker;
import io.palimpsest.retrain.workflow.RolloutActivitiesImpl;
import io.palimpsest.retrain.workflow.RolloutPace;
import io.palimpsest.retrain.workflow.RunFiles;
import io.palimpsest.retrain.workflow.RunKeeper;
import io.palimpsest.retrain.workflow.RunObserver;
import io.palimpsest.retrain.workflow.RunRoutes;
import io.palimpsest.retrain.workflow.RunStandings;
import io.palimpsest.retrain.workflow.RunStarter;
import io.palimpsest.retrain.workflow.Runs;
import io.palimpsest.retrain.workflow.Scope;
import io.palimpsest.retrain.workflow.SourcesApi;
import io.palimpsest.retrain.workflow.TrainingActivitiesImpl;
import io.palimpsest.retrain.workflow.TuningParts;
import java.net.http.HttpClient;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.apache.kafka.clients.producer.KafkaProducer;

/**
 * The retrain service: feedback, labels, drift, runs and roll-outs. Wired in reading order, closed in reverse.
 *
 * <p>Threading: start and close once, each on any thread. The topics must exist.
 */
public final class RetrainApp implements AutoCloseable {
    private static final Duration CONNECT = Duration.ofSeconds(10);

    private final RetrainParts parts;
    private final Closing closing;
    private final FeedbackOutbox outbox;
    private final RevisedDocuments documents;
    private final DriftApp drift;
    private final RetrainWorker.Activities activities;
    private final RunKeeper keeper;
    private final CanaryWatch canaries;
    private final RetrainGauges gauges;
    private final RetrainHousekeeping housekeeping;
    private final ReconcileStarter reconciles;
    private final List<Routes> routes;
    private final List<ErasableStore> stores;
    private boolean closed;

    /** Nothing runs before {@link #start}. */
    public static RetrainApp of(RetrainParts parts) {
        return Closing.making(closing -> new RetrainApp(parts, closing));
    }

    private RetrainApp(RetrainParts parts, Closing closing) {
        this.parts = parts;
        this.closing = closing;
        Settings settings = parts.settings();
        QueryCipher cipher = new TinkQueryCipher(parts.seal());
        LoggedQueries queries = new LoggedQueries(parts.sql(), cipher);
        KeyedDigests digests = new KeyedDigests(parts.digestSecret().get());
        KafkaProducer<String, FeedbackGiven> producer = new KafkaProducer<>(
                parts.kafka().promptProducer("feedback"),
                Topics.FEEDBACK_GIVEN.key().serializer(),
                Topics.FEEDBACK_GIVEN.value().serializer());
        closing.add(() -> producer.close(CONNECT));
        outbox = closing.add(new FeedbackOutbox(
                parts.sql(), producer, parts.kafka().settings().bootstrapServers(), parts.entries(), parts.ledger()));
        FeedbackIntake intake = new FeedbackIntake(
                parts.sql(), queries, cipher, digests, settings.feedback().lateAfter(), parts.clock());

        documents = closing.add(new RevisedDocuments(parts.sql(), parts.kafka(), parts.instance()));
        StoredPassageTexts texts = new StoredPassageTexts(parts.store());
        Judgements judgements = new Judgements(new JudgementParts(
                parts.sql(),
                queries,
                cipher,
                digests,
                texts,
                documents,
                parts.suppressions(),
                settings.judgement(),
                parts.entries(),
                parts.ledger(),
                parts.clock()));

        RunObserver observer = RunObserver.metrics(parts.telemetry());
        Runs runs = new Runs(parts.sql(), parts.clock(), observer);
        RunStarter starter = new RunStarter(parts.temporal(), runs);
        drift = closing.add(DriftApp.of(
                new DriftApp.Platform(
                        settings,
                        parts.kafka(),
                        parts.sql(),
                        parts.telemetry(),
                        parts.health(),
                        parts.entries(),
                        parts.ledger(),
                        parts.clock(),
                        parts.instance()),
                this::alarmed));
        Path folder = settings.dataDir().resolve("retrain");
        HttpClient http = HttpClient.newBuilder().connectTimeout(CONNECT).build();
        IndexApi index = new IndexApi(parts.indexClient(), parts.index());
        CorpusFacts corpus = new CorpusFacts(parts.sql(), drift.references(), parts.clock());
        FeedbackLog said = new FeedbackLog(parts.sql());
        CanaryStore figures = new CanaryStore(parts.sql());
        DriftSettings.Canaries pace = settings.drift().canaries();
        Canaries asked = new Canaries(new Canaries.Parts(
                judgements::questions,
                documents,
                index,
                figures,
                collection -> drift.references().summary(collection).map(ReferenceStore.Summary::takenAt),
                pace.questions(),
                pace.every(),
                parts.clock()));
        MeasuredSender signals = closing.add(new MeasuredSender(parts.kafka()));
        canaries = new CanaryWatch(
                new CanaryWatch.Parts(
                        asked,
                        figures,
                        corpus,
                        pace.every(),
                        settings.drift().selfTestEvery(),
                        settings.drift().falseAlarmRate(),
                        parts.clock()),
                judgements::collections,
                signals);
        CanaryGauges.register(parts.telemetry(), figures, pace.every(), parts.clock());
        SourcesApi sources = new SourcesApi(parts.indexClient(), parts.ingest());
        reconciles = new ReconcileStarter(sources, starter);
        keeper = new RunKeeper(
                starter,
                drift.store(),
                alarm -> scope(alarm.collection()),
                new Retirement(runs, index, settings.retrain().keep(), parts.clock()));
        Approvals approvals = new Approvals(parts.sql(), parts.entries(), parts.ledger(), parts.clock());
        Snapshots snapshots = new Snapshots(new Snapshots.Parts(
                parts.sql(),
                parts.store(),
                texts,
                documents,
                parts.suppressions(),
                parts.entries(),
                parts.ledger(),
                parts.clock()));
        TaintedModels tainted = new TaintedModels(parts.sql(), parts.clock());
        ErasureTasks tasks = new ErasureTasks(parts.sql(), parts.clock());
        Erasures erasures = new Erasures(parts.sql(), parts.clock());
        LegalHolds holds = new LegalHolds(parts.sql(), parts.clock());
        ErasureDesk desk = new ErasureDesk(new ErasureDesk.Parts(
                erasures,
                tasks,
                holds,
                parts.suppressions(),
                tainted,
                approvals,
                parts.entries(),
                parts.ledger(),
                parts.clock()));
        stores = RetrainStores.of(parts.sql(), queries, snapshots);
        RunFiles files = new RunFiles(parts.sql(), parts.store(), parts.clock());
        CostBook costs = new CostBook(parts.sql(), parts.clock());
        CostReports costReports = new CostReports(costs, parts.sql(), settings.cost());
        ClearFolders clear = closing.add(ClearFolders.open(folder.resolve("clear")));
        TuningParts tuning = new TuningParts(
                runs,
                judgements,
                snapshots,
                new Trainers(settings.tune(), settings.dataDir(), http),
                parts.models(),
                index,
                GateRules.of(settings.promotion()),
                approvals,
                settings.judgement(),
                parts.entries(),
                parts.ledger(),
                observer,
                folder.resolve("runs"),
                clear,
                files,
                tainted,
                costs,
                parts.clock());
        housekeeping = new RetrainHousekeeping(
                said, settings.feedback().retention(), snapshots, runs, folder.resolve("runs"), parts.clock());
        activities = new RetrainWorker.Activities(
                new TrainingActivitiesImpl(tuning),
                new RolloutActivitiesImpl(tuning, new GenerationWatch(asked, said)),
                new DriftActivitiesImpl(
                        drift.store(),
                        runs,
                        new DriftFacts(new DriftFacts.Parts(drift.store(), corpus, said, asked, judgements, index)),
                        costReports::rates,
                        this::request,
                        parts.clock()),
                new FeedbackActivitiesImpl(judgements),
                new ReconcileActivitiesImpl(sources, runs, parts.entries(), parts.ledger(), parts.clock()),
                new EraseActivitiesImpl(desk, tasks, approvals, runs),
                new TimerActivitiesImpl(reconciles));
        routes = List.of(
                new FeedbackRoutes(intake, outbox::wake, parts.telemetry()),
                new ReviewRoutes(judgements, texts, documents),
                drift.routes(),
                new CostRoutes(costReports),
                new RunRoutes(
                        runs,
                        starter,
                        approvals,
                        this::request,
                        files,
                        id -> erasures.find(id)
                                .filter(erasure -> erasure.state() == Erasures.State.ERASING)
                                .isPresent()),
                new LearnedRoutes(parts.sql()),
                new ReconcileRoutes(reconciles, parts.clock()),
                new EraseRoutes(
                        desk,
                        new EraseRoutes.Reads(erasures, tasks, holds, tainted, approvals),
                        starter,
                        settings.judgement().approvalExpiry()));
        gauges = new RetrainGauges(
                new RetrainGauges.Sources(new RunStandings(parts.sql()), judgements, outbox, drift.store()),
                parts.telemetry(),
                parts.clock());
        parts.health().register("feedback", () -> Health.State.of(outbox.healthy(), "feedback waits for the broker"));
        parts.health()
                .register(
                        "document standings", () -> Health.State.of(documents.healthy(), "revisions are not followed"));
    }

    /** Takes up what a process before this one left unfinished; the index service may come later. */
    public void start() throws InterruptedException {
        outbox.start();
        documents.start();
        drift.start();
        work();
    }

    /** A close comes before it, and nothing begins, or after it, and everything ends. */
    private synchronized void work() {
        if (closed) {
            return;
        }
        closing.add(RetrainWorker.start(parts.temporal(), activities));
        // Closed before it: nothing is begun that nobody would work on.
        closing.add(keeper);
        closing.add(canaries);
        closing.add(gauges);
        closing.add(housekeeping);
        keeper.start();
        canaries.start();
        gauges.start();
        housekeeping.start();
        ReconcileStarter.schedule(closing.add(timers()), parts.settings().reconcile());
    }

    /** The server's own where it has some: a server in memory has none. */
    private Timers timers() {
        return parts.temporal().isDurable()
                ? new TemporalTimers(parts.temporal(), RetrainWorker.TASK_QUEUE)
                : new DatabaseTimers(parts.sql(), parts.leases(), parts.clock(), reconciles);
    }

    public List<Routes> routes() {
        return routes;
    }

    /** What this service keeps of documents, in every process of it. */
    public List<ErasableStore> stores() {
        return stores;
    }

    /** Whose lag is told. */
    public static List<FollowedGroup> groups() {
        return Stream.concat(DriftApp.groups().stream(), Stream.of(RevisedDocuments.group()))
                .toList();
    }

    private void alarmed(DriftAlarm alarm) {
        keeper.alarmed(alarm);
    }

    private static Scope scope(CollectionKey collection) {
        // Whether it is tagged is said where it is started: only there is known on which server.
        return new Scope(collection.tenant().value(), collection.collection().value(), false);
    }

    private FineTuneRequest request(Scope scope, String cause) {
        JudgementSettings judgement = parts.settings().judgement();
        RetrainSettings retrain = parts.settings().retrain();
        String runId = DriftActivitiesImpl.runId(scope, cause);
        return new FineTuneRequest(
                runId,
                scope.tagged(parts.temporal().hasKeywords()),
                cause,
                retrain.trainer(),
                Long.parseUnsignedLong(runId.substring(0, 8), 16),
                judgement.minimumQueries(),
                retrain.labelling(),
                judgement.approvalExpiry(),
                retrain.silence(),
                new RolloutPace(retrain.shadow(), retrain.shadowShare(), retrain.watch(), retrain.watchEvery()));
    }

    private synchronized void end() {
        closed = true;
    }

    /** Also beside a {@link #start}, of which nothing is left. */
    @Override
    public void close() {
        end();
        closing.close();
    }
}
