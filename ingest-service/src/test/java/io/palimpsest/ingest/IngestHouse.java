package io.palimpsest.ingest;

import io.palimpsest.contracts.content.Block;
import io.palimpsest.contracts.content.BlockKind;
import io.palimpsest.contracts.content.ExtractedDocument;
import io.palimpsest.contracts.event.LedgerEntry;
import io.palimpsest.contracts.id.ContentHash;
import io.palimpsest.contracts.id.TenantId;
import io.palimpsest.contracts.topic.Topics;
import io.palimpsest.embedded.EmbeddedKafka;
import io.palimpsest.ingest.passage.PassagePolicy;
import io.palimpsest.platform.config.HttpSettings;
import io.palimpsest.platform.config.Settings;
import io.palimpsest.platform.content.ContentStore;
import io.palimpsest.platform.content.DocumentKeys;
import io.palimpsest.platform.content.FileContentStore;
import io.palimpsest.platform.content.MasterKey;
import io.palimpsest.platform.content.S3ContentStore;
import io.palimpsest.platform.database.Database;
import io.palimpsest.platform.erasure.Suppressions;
import io.palimpsest.platform.http.ApiServer;
import io.palimpsest.platform.kafka.KafkaClients;
import io.palimpsest.platform.kafka.TopicCatalog;
import io.palimpsest.platform.lease.Leases;
import io.palimpsest.platform.ledger.LedgerEntries;
import io.palimpsest.platform.security.ApiKeys;
import io.palimpsest.platform.security.KeyEntry;
import io.palimpsest.platform.security.Role;
import io.palimpsest.platform.telemetry.Health;
import io.palimpsest.platform.telemetry.Telemetry;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.kafka.clients.admin.Admin;

/**
 * The ingest service with HTTP, under one directory; with an embedded broker, SQLite and files where the settings name no
 * others.
 */
final class IngestHouse implements AutoCloseable {
    static final String KEY = "the-key";
    static final String OTHER_KEY = "the-other-key";

    /** With every text as long as a passage may be, each block is one. */
    static final PassagePolicy EACH_BLOCK = new PassagePolicy(2, 1, 0, 100);

    private final Optional<EmbeddedKafka> broker;
    final KafkaClients kafka;
    final Database database;
    final Leases leases;
    final ContentStore contents;
    final IngestApp app;
    final ApiServer server;
    final InstantIndexer indexer;
    final Health health = new Health();
    /** What the ledger is told outside of transactions. */
    final List<LedgerEntry> ledger = new CopyOnWriteArrayList<>();

    private final Telemetry telemetry = Telemetry.local();

    IngestHouse(Path dataDir, Map<String, String> given) throws Exception {
        Map<String, String> all = new HashMap<>(given);
        all.put("data.dir", dataDir.toString());
        Settings settings = Settings.load(all);
        broker = settings.kafka().isEmbedded()
                ? Optional.of(EmbeddedKafka.start(dataDir.resolve("kafka"), 0))
                : Optional.empty();
        kafka = new KafkaClients(
                broker.map(own -> settings.kafka().at(own.bootstrapServers())).orElse(settings.kafka()));
        try (Admin admin = Admin.create(kafka.common("test-admin"))) {
            new TopicCatalog(kafka.settings(), Topics.all()).ensure(admin);
        }
        database = Database.open(settings.database());
        health.register("database", database::state);
        DocumentKeys keys = new DocumentKeys(database.sql(), MasterKey.ensure(dataDir.resolve("master.key")));
        contents = settings.content()
                .s3()
                .<ContentStore>map(bucket -> S3ContentStore.open(bucket, keys))
                .orElseGet(() -> new FileContentStore(dataDir.resolve("content"), keys));
        if (contents instanceof S3ContentStore bucket) {
            health.register("content", bucket::state);
        }
        leases = new Leases(database.sql(), "test", Leases.Pace.NORMAL);
        app = IngestApp.of(
                new IngestApp.Platform(
                        settings,
                        kafka,
                        database.sql(),
                        leases,
                        contents,
                        telemetry,
                        health,
                        new LedgerEntries(new byte[32]),
                        ledger::add,
                        new Suppressions(database.sql(), new byte[32], Clock.systemUTC()),
                        Optional::empty,
                        Clock.systemUTC(),
                        "0"),
                new IngestApp.Engines(EACH_BLOCK, text -> EACH_BLOCK.maxTokens(), IngestHouse::paragraphs));
        server = new ApiServer(HttpSettings.anyPort(), keys(), telemetry, health, List.of(app.routes()), refused -> {})
                .start();
        indexer = new InstantIndexer(kafka);
        app.start();
    }

    @Override
    public void close() throws Exception {
        server.close();
        app.close();
        indexer.close();
        leases.close();
        database.close();
        telemetry.close();
        if (contents instanceof S3ContentStore bucket) {
            bucket.close();
        }
        broker.ifPresent(EmbeddedKafka::close);
    }

    private static ApiKeys keys() {
        return ApiKeys.of(List.of(
                new KeyEntry(
                        ContentHash.ofText(KEY),
                        new TenantId("local"),
                        "local",
                        List.of("*"),
                        List.of(Role.PUBLISH, Role.OPERATE, Role.SEARCH),
                        null),
                new KeyEntry(
                        ContentHash.ofText(OTHER_KEY),
                        new TenantId("other"),
                        "stranger",
                        List.of("*"),
                        List.of(Role.PUBLISH, Role.OPERATE),
                        null)));
    }

    /** Paragraphs are separated by blank lines. */
    private static ExtractedDocument paragraphs(String source) {
        List<Block> blocks = new ArrayList<>();
        int from = 0;
        for (String paragraph : source.split("\n\n", -1)) {
            if (!paragraph.isBlank()) {
                blocks.add(Block.of(BlockKind.PARAGRAPH, from, from + paragraph.length()));
            }
            from += paragraph.length() + 2;
        }
        return new ExtractedDocument(null, "text/markdown", source, blocks, Map.of());
    }
}
