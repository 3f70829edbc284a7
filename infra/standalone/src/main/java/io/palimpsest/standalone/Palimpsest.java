package io.palimpsest.standalone;

import io.palimpsest.contracts.id.PassagePolicyId;
import io.palimpsest.index.IndexApp;
import io.palimpsest.index.IndexParts;
import io.palimpsest.ingest.IngestApp;
import io.palimpsest.ingest.extract.markdown.MarkdownBlocks;
import io.palimpsest.ingest.passage.PassagePolicy;
import io.palimpsest.platform.config.Settings;
import io.palimpsest.platform.content.MasterKey;
import io.palimpsest.platform.http.ApiServer;
import io.palimpsest.platform.http.Routes;
import io.palimpsest.platform.kafka.ConsumerLag;
import io.palimpsest.platform.kafka.FollowedGroup;
import io.palimpsest.platform.retry.Condition;
import io.palimpsest.platform.security.ApiKeys;
import io.palimpsest.platform.security.LocalKey;
import io.palimpsest.platform.tokens.EmbedderTokenizer;
import io.palimpsest.standalone.cli.ServerAddress;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.ToIntFunction;

/**
 * Everything in one JVM: the broker, the ingest service, the index service and one HTTP server, wired in reading order and
 * closed in reverse.
 *
 * <p>Failure: {@link #start} throws with nothing left running.
 */
public final class Palimpsest implements AutoCloseable {
    private static final String INSTANCE = "standalone";
    private static final Duration READY_TIMEOUT = Duration.ofSeconds(60);

    private final Closing closing;
    private final URI api;
    private final String key;
    private final String kafka;

    private Palimpsest(Closing closing, URI api, String key, String kafka) {
        this.closing = closing;
        this.api = api;
        this.key = key;
        this.kafka = kafka;
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
        } catch (RuntimeException | InterruptedException e) {
            closing.close();
            throw e;
        }
    }

    private static Palimpsest start(Settings settings, EmbedderChoice.Factory embedders, Closing closing)
            throws InterruptedException {
        closing.add(DataDirectory.hold(settings.dataDir()));
        // The model loads on one core while the broker starts on the other.
        EmbedderTokenizer tokenizer =
                closing.add(EmbedderTokenizer.miniLm(settings.dataDir().resolve("natives")));
        CompletableFuture<EmbedderChoice> embedder = CompletableFuture.supplyAsync(
                () -> embedders.make(settings, tokenizer),
                command -> Thread.ofPlatform().name("model-loader").start(command));
        Foundation base = closing.add(new Foundation(settings));
        LocalKey local = LocalKey.ensure(settings.dataDir());
        ApiKeys keys = settings.http()
                .keyFile()
                .map(file -> ApiKeys.fromFile(file, local.entry()))
                .orElseGet(() -> ApiKeys.of(List.of(local.entry())));

        IngestApp ingest = closing.add(new IngestApp(
                new IngestApp.Platform(
                        settings,
                        base.kafka,
                        base.database.sql(),
                        base.store,
                        base.telemetry,
                        base.health,
                        base.entries,
                        base.ledger,
                        Clock.systemUTC(),
                        INSTANCE),
                new IngestApp.Engines(PassagePolicy.standard(), tokenizer::count, MarkdownBlocks::read)));
        IndexApp index = closing.add(new IndexApp(indexParts(
                base,
                loaded(embedder),
                tokenizer::count,
                PassagePolicy.standard().id(),
                ingest)));
        ingest.start();
        List<FollowedGroup> groups = new ArrayList<>(IngestApp.groups());
        groups.addAll(index.groups());
        closing.add(ConsumerLag.start(base.kafka, groups, base.telemetry));

        List<Routes> routes = new ArrayList<>(index.routes());
        routes.add(ingest.routes());
        routes.add(new ApiDescription());
        ApiServer server = closing.add(new ApiServer(
                        settings.http(),
                        keys,
                        base.telemetry,
                        base.health,
                        routes,
                        new Refusals(base.entries, base.ledger))
                .start());
        awaitReady(base, index);
        URI api = URI.create(server.address());
        new ServerAddress(api, base.bootstrapServers, ProcessHandle.current().pid()).write(settings.dataDir());
        closing.add(() -> ServerAddress.remove(settings.dataDir()));
        return new Palimpsest(closing, api, local.secret(), base.bootstrapServers);
    }

    private static EmbedderChoice loaded(CompletableFuture<EmbedderChoice> loading) {
        try {
            return loading.join();
        } catch (CompletionException e) {
            throw e.getCause() instanceof RuntimeException cause ? cause : e;
        }
    }

    private static IndexParts indexParts(
            Foundation base,
            EmbedderChoice embedder,
            ToIntFunction<String> tokens,
            PassagePolicyId policy,
            IngestApp ingest) {
        return new IndexParts(
                base.settings,
                base.kafka,
                base.database,
                base.store,
                base.entries,
                base.ledger,
                base.telemetry,
                base.health,
                embedder.embedder(),
                embedder.tokenEmbedder(),
                IndexChoice.of(base.settings.index()),
                policy,
                ingest.appliedThrough()::of,
                tokens,
                MasterKey.ensure(base.settings.content().masterKeyFile()),
                Clock.systemUTC(),
                INSTANCE);
    }

    private static void awaitReady(Foundation base, IndexApp index) throws InterruptedException {
        Condition.await(() -> index.isReady() && base.health.isReady(), READY_TIMEOUT, Duration.ofMillis(20));
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
        return kafka;
    }

    /** Idempotent. */
    @Override
    public void close() {
        closing.close();
    }
}
