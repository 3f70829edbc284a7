package io.palimpsest.standalone;

import io.palimpsest.bridges.BridgesApp;
import io.palimpsest.contracts.error.ErrorCode;
import io.palimpsest.contracts.error.PalimpsestException;
import io.palimpsest.index.IndexApp;
import io.palimpsest.index.IndexParts;
import io.palimpsest.index.passages.PassageIndex;
import io.palimpsest.ingest.IngestApp;
import io.palimpsest.ingest.extract.markdown.MarkdownBlocks;
import io.palimpsest.ingest.passage.PassagePolicy;
import io.palimpsest.ingest.timeline.AppliedThrough;
import io.palimpsest.ledger.LedgerApp;
import io.palimpsest.platform.closing.Closing;
import io.palimpsest.platform.config.ServiceSettings;
import io.palimpsest.platform.config.ServiceSettings.Service;
import io.palimpsest.platform.config.Settings;
import io.palimpsest.platform.erasure.ContentEraser;
import io.palimpsest.platform.erasure.ErasableStore;
import io.palimpsest.platform.erasure.ErasureRows;
import io.palimpsest.platform.erasure.ErasureTasks;
import io.palimpsest.platform.erasure.ErasureWorker;
import io.palimpsest.platform.erasure.ErasureWorker.Placed;
import io.palimpsest.platform.http.ApiServer;
import io.palimpsest.platform.http.Routes;
import io.palimpsest.platform.kafka.ConsumerLag;
import io.palimpsest.platform.kafka.FollowedGroup;
import io.palimpsest.platform.ledger.LogProofs;
import io.palimpsest.platform.model.ModelStore;
import io.palimpsest.platform.retry.Condition;
import io.palimpsest.platform.security.ApiKeys;
import io.palimpsest.platform.security.LocalKey;
import io.palimpsest.platform.tokens.EmbedderTokenizer;
import io.palimpsest.retrain.RetrainApp;
import io.palimpsest.retrain.workflow.IndexApi;
import io.palimpsest.standalone.cli.ServerAddress;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/**
 * One process: the services that the settings name, all of them by default, with one HTTP server, and the broker where none
 * is given. Wired in reading order and closed in reverse, the services side by side.
 *
 * <p>Failure: {@link #start} throws with nothing left running.
 */
public final class Palimpsest implements AutoCloseable {
    private static final Duration READY_TIMEOUT = Duration.ofSeconds(60);

    private final Closing closing;
    private final URI api;
    private final String key;
    private final Foundation base;
    private final List<Placed> stores;

    private Palimpsest(Closing closing, URI api, String key, Foundation base, List<Placed> stores) {
        this.closing = closing;
        this.api = api;
        this.key = key;
        this.base = base;
        this.stores = stores;
    }

    /** Starts with the embedding model of the settings; returns when searches and changes are taken. */
    public static Palimpsest start(Settings settings) throws InterruptedException {
        return start(settings, EmbedderChoice::of);
    }

    /** @param embedders makes the embedder: tests give a cheap one */
    static Palimpsest start(Settings settings, EmbedderChoice.Factory embedders) throws InterruptedException {
        Closing closing = new Closing();
        try {
            return start(settings, embedders, closing);
        } catch (RuntimeException | InterruptedException | Error e) {
            closing.close();
            throw e;
        }
    }

    private static Palimpsest start(Settings settings, EmbedderChoice.Factory embedders, Closing closing)
            throws InterruptedException {
        ServiceSettings services = settings.services();
        closing.add(DataDirectory.hold(settings.dataDir()));
        EmbedderTokenizer tokenizer =
                closing.add(EmbedderTokenizer.miniLm(settings.dataDir().resolve("natives")));
        // The model loads on one core while the broker starts on the other.
        CompletableFuture<EmbedderChoice> embedder = services.runs(Service.INDEX)
                ? CompletableFuture.supplyAsync(
                        () -> embedders.make(settings, tokenizer),
                        command -> Thread.ofPlatform().name("model-loader").start(command))
                : new CompletableFuture<>();
        Foundation base = closing.add(Foundation.of(settings));
        LocalKey local = LocalKey.ensure(settings.dataDir());
        ApiKeys keys = settings.http()
                .keyFile()
                .map(file -> ApiKeys.fromFile(file, local.entry()))
                .orElseGet(() -> ApiKeys.of(List.of(local.entry())));

        // None needs another one to end: that takes seconds, most of them waits for the broker.
        Closing apps = new Closing();
        closing.add(apps::closeTogether);
        IngestApp ingest = null;
        if (services.runs(Service.INGEST)) {
            base.instance.hold(Service.INGEST);
            ingest = apps.add(IngestApp.of(
                    base.forIngest(),
                    new IngestApp.Engines(PassagePolicy.standard(), tokenizer::count, MarkdownBlocks::read)));
        }
        LogHere log = new LogHere(settings.ledger());
        IndexApp index = services.runs(Service.INDEX)
                ? apps.add(IndexApp.start(indexParts(
                        base,
                        loaded(embedder),
                        tokenizer,
                        LedgerApp.proofs(log::place, base.database.sql(), settings.ledger()))))
                : null;
        IndexService indexService = new IndexService(settings.retrain(), base.serviceKeys);
        RetrainApp retrain = null;
        if (base.temporal.isPresent()) {
            base.instance.hold(Service.RETRAIN);
            retrain = apps.add(RetrainApp.of(base.forRetrain(
                    base.temporal.get(),
                    indexService::access,
                    () -> settings.reconcile()
                            .ingest()
                            .map(there -> new IndexApi.Access(
                                    there, settings.reconcile().ingestKey().value()))
                            .orElseGet(() -> new IndexApi.Access(indexService.own(), local.secret())),
                    indexService.client())));
        }
        LedgerApp ledger = null;
        BridgesApp bridges = null;
        if (services.runs(Service.LEDGER)) {
            base.instance.holdAlone(Service.LEDGER);
            ledger = apps.add(LedgerApp.of(base.forLedger()));
            ledger.start();
            log.isHere(ledger.place());
            bridges = apps.add(BridgesApp.of(base.forBridges()));
            bridges.start();
        }
        List<Placed> stores = stores(base, ingest, index, retrain, ledger);
        closing.add(new ErasureWorker(new ErasureTasks(base.database.sql(), Clock.systemUTC()), stores).start());
        CompletableFuture<Boolean> retraining = started(retrain);
        if (ingest != null) {
            ingest.start();
        }
        closing.add(ConsumerLag.start(base.kafka, groups(ingest, index, retrain, ledger, bridges), base.telemetry));
        List<Routes> routes = routes(ingest, index, retrain, ledger);
        routes.add(base.registryRoutes());
        new RegisteredSettings(base.registry).register(settings, tokenizer.hash());
        ApiServer server = closing.add(new ApiServer(
                        settings.http(),
                        index == null ? keys : keys.accepting(base.serviceKeys),
                        base.telemetry,
                        base.health,
                        routes,
                        new Refusals(base.entries, base.ledger))
                .start());
        URI api = URI.create(server.address());
        indexService.isHere(api);
        base.health.tell(base.telemetry);
        boolean unused = loaded(retraining);
        Condition.await(
                () -> (index == null || index.isReady()) && base.health.isReady(),
                READY_TIMEOUT,
                Duration.ofMillis(20));
        new ServerAddress(api, base.bootstrapServers, ProcessHandle.current().pid()).write(settings.dataDir());
        closing.add(() -> ServerAddress.remove(settings.dataDir()));
        return new Palimpsest(closing, api, local.secret(), base, stores);
    }

    private static List<FollowedGroup> groups(
            @Nullable IngestApp ingest,
            @Nullable IndexApp index,
            @Nullable RetrainApp retrain,
            @Nullable LedgerApp ledger,
            @Nullable BridgesApp bridges) {
        List<FollowedGroup> groups = new ArrayList<>();
        if (ingest != null) {
            groups.addAll(IngestApp.groups());
        }
        if (index != null) {
            groups.addAll(index.groups());
        }
        if (retrain != null) {
            groups.addAll(RetrainApp.groups());
        }
        if (ledger != null) {
            groups.addAll(LedgerApp.groups());
        }
        if (bridges != null) {
            groups.addAll(bridges.groups());
        }
        return groups;
    }

    /** What holds documents, as far as this process reaches it. */
    private static List<Placed> stores(
            Foundation base,
            @Nullable IngestApp ingest,
            @Nullable IndexApp index,
            @Nullable RetrainApp retrain,
            @Nullable LedgerApp ledger) {
        List<ErasableStore> shared =
                new ArrayList<>(List.of(new ContentEraser(base.store), ErasureRows.store(base.database.sql())));
        if (ingest != null) {
            shared.addAll(ingest.stores());
        }
        if (retrain != null) {
            shared.addAll(retrain.stores());
        }
        if (ledger != null) {
            shared.add(ledger.store());
        }
        List<Placed> stores =
                new ArrayList<>(shared.stream().map(Placed::shared).toList());
        if (index != null) {
            stores.addAll(index.stores());
        }
        return stores;
    }

    private static List<Routes> routes(
            @Nullable IngestApp ingest,
            @Nullable IndexApp index,
            @Nullable RetrainApp retrain,
            @Nullable LedgerApp ledger) {
        List<Routes> routes = new ArrayList<>(index == null ? List.of(new Elsewhere(Service.INDEX)) : index.routes());
        routes.add(ingest == null ? new Elsewhere(Service.INGEST) : ingest.routes());
        routes.addAll(retrain == null ? List.of(new Elsewhere(Service.RETRAIN)) : retrain.routes());
        routes.addAll(ledger == null ? List.of(new Elsewhere(Service.LEDGER)) : ledger.routes());
        routes.add(new ApiDescription());
        return routes;
    }

    /** Beside the others: its stream takes seconds to join its group. */
    private static CompletableFuture<Boolean> started(@Nullable RetrainApp retrain) {
        if (retrain == null) {
            return CompletableFuture.completedFuture(false);
        }
        return CompletableFuture.supplyAsync(
                () -> {
                    try {
                        retrain.start();
                        return true;
                    } catch (InterruptedException e) {
                        throw new PalimpsestException(ErrorCode.INTERNAL, "the start was interrupted", e);
                    }
                },
                command -> Thread.ofPlatform().name("retrain-start").start(command));
    }

    private static <T> T loaded(CompletableFuture<T> loading) {
        try {
            return loading.join();
        } catch (CompletionException e) {
            throw e.getCause() instanceof RuntimeException cause ? cause : e;
        }
    }

    private static IndexParts indexParts(
            Foundation base, EmbedderChoice embedder, EmbedderTokenizer tokenizer, LogProofs log)
            throws InterruptedException {
        PassageIndex index = IndexChoice.of(base.settings.index());
        try {
            base.instance.holdIndex(index.incarnation());
        } catch (RuntimeException | InterruptedException e) {
            index.close();
            throw e;
        }
        return new IndexParts(
                base.settings,
                base.kafka,
                base.database,
                base.store,
                base.suppressions,
                base.entries,
                base.ledger,
                base.telemetry,
                base.health,
                embedder.embedder(),
                embedder.tokenEmbedder(),
                base.models,
                embedder.opener(),
                base.leases,
                index,
                PassagePolicy.standard().id(),
                new AppliedThrough(base.database.sql())::of,
                tokenizer::count,
                base.master,
                log,
                base.manifestKey,
                Clock.systemUTC(),
                base.instance.name());
    }

    /** {@code http://127.0.0.1:port}. */
    public URI api() {
        return api;
    }

    /** The local key: all roles in all collections of tenant {@code local}. */
    public String key() {
        return key;
    }

    /** Bootstrap servers of the broker. */
    public String kafka() {
        return base.bootstrapServers;
    }

    /** Name of this process among those that run the same service. */
    public String instance() {
        return base.instance.name();
    }

    /** Completes when this process must end by itself: another one has taken its name. */
    public CompletableFuture<PalimpsestException> ended() {
        return base.instance.ended();
    }

    /** Where models are kept that a generation may be built with. */
    public ModelStore models() {
        return base.models;
    }

    /** What holds documents, as far as this process reaches it. */
    List<ErasableStore> stores() {
        return stores.stream().map(Placed::store).toList();
    }

    /** Idempotent. */
    @Override
    public void close() {
        closing.close();
    }
}
