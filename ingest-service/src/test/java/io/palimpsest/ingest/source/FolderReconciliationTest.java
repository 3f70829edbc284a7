package io.palimpsest.ingest.source;

import static org.assertj.core.api.Assertions.assertThat;

import io.palimpsest.contracts.error.ErrorCode;
import io.palimpsest.contracts.event.ChangeType;
import io.palimpsest.contracts.event.DocumentChanged;
import io.palimpsest.contracts.id.CollectionKey;
import io.palimpsest.contracts.id.ContentHash;
import io.palimpsest.contracts.id.DocumentKey;
import io.palimpsest.contracts.id.Position;
import io.palimpsest.contracts.topic.Topics;
import io.palimpsest.ingest.intake.ChangeIntake;
import io.palimpsest.ingest.intake.ChangePublisher;
import io.palimpsest.ingest.intake.CollectionRegistry;
import io.palimpsest.ingest.quarantine.OperatorActs;
import io.palimpsest.ingest.reconcile.Difference.Kind;
import io.palimpsest.ingest.reconcile.Reconciler;
import io.palimpsest.ingest.reconcile.Reconciliation;
import io.palimpsest.ingest.reconcile.Reconciliation.State;
import io.palimpsest.ingest.reconcile.Reconciliations;
import io.palimpsest.platform.config.DatabaseSettings;
import io.palimpsest.platform.config.FolderSettings;
import io.palimpsest.platform.config.IntakeSettings;
import io.palimpsest.platform.content.DocumentKeys;
import io.palimpsest.platform.content.FileContentStore;
import io.palimpsest.platform.content.MasterKey;
import io.palimpsest.platform.database.Database;
import io.palimpsest.platform.lease.Leases;
import io.palimpsest.platform.ledger.LedgerEntries;
import io.palimpsest.platform.telemetry.Telemetry;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.apache.kafka.clients.producer.MockProducer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A folder against the documents that we have, whatever was lost in between; the stream is a fake that can lose. */
@SuppressWarnings("NullAway.Init") // set before each test
final class FolderReconciliationTest {
    private static final CollectionKey COLLECTION = CollectionKey.of("local", "default");
    private static final FileTime THEN = FileTime.from(Instant.parse("2026-01-02T03:04:05Z"));

    @TempDir
    private Path dir;

    private Path root;
    private Database database;
    private Leases leases;
    private MockProducer<DocumentKey, DocumentChanged> producer;
    private ChangeIntake intake;
    private FakeStream stream;
    private Reconciliations reconciliations;
    private final Telemetry telemetry = Telemetry.local();

    @BeforeEach
    void open() throws Exception {
        root = Files.createDirectory(dir.toRealPath().resolve("root"));
        database = Database.open(DatabaseSettings.inFile(dir.resolve("db")));
        leases = new Leases(database.sql(), "test", Leases.Pace.NORMAL);
        producer = new MockProducer<>(
                true,
                null,
                Topics.CHANGED.key().serializer(),
                Topics.CHANGED.value().serializer());
        intake = new ChangeIntake(
                new IntakeSettings(1 << 20, Set.of("default"), "local", "default"),
                new CollectionRegistry(database.sql(), Clock.systemUTC(), name -> true),
                new FileContentStore(
                        dir.resolve("content"),
                        new DocumentKeys(database.sql(), MasterKey.ensure(dir.resolve("master.key")))),
                new ChangePublisher(producer, "nowhere:9092", telemetry.tracing()),
                key -> false,
                telemetry,
                Clock.systemUTC());
        stream = new FakeStream();
        reconciliations = new Reconciliations(database.sql(), Clock.systemUTC());
    }

    @AfterEach
    void close() {
        leases.close();
        database.close();
        telemetry.close();
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6})
    void afterWhateverWasLostOrDoubledTheDocumentsAreTheFiles(long seed) throws Exception {
        Random random = new Random(seed);
        for (int i = 0; i < 30; i++) {
            write("d" + i + ".md", "document " + i);
        }
        watched(source -> stream.deliver(() -> false));
        for (int round = 0; round < 3; round++) {
            String run = seed + "." + round;
            for (int i = 0; i < 12; i++) {
                happen(random);
            }
            watched(source -> {
                stream.deliver(() -> random.nextInt(4) == 0); // so many changes are lost
                reconcile(source, "run-" + run, false, true);
                stream.deliver(() -> false);
            });
            assertThat(stream.documents()).as("seed and round %s", run).isEqualTo(files());
            watched(source -> {
                Reconciliation again = reconcile(source, "again-" + run, false, false);
                assertThat(again.report().published()).isZero();
                assertThat(again.report().examples()).isEmpty();
            });
        }
    }

    @Test
    void dryRunTellsWhatDiffersAndChangesNothing() throws Exception {
        write("kept.md", "kept");
        write("lost.md", "lost");
        write("edited.md", "before");
        write("orphan.md", "orphan");
        watched(source -> stream.deliver(() -> false));
        Files.delete(root.resolve("orphan.md"));
        database.sql().update("DELETE FROM folder_listing WHERE path = 'orphan.md'");
        database.sql().update("DELETE FROM document WHERE document_id = 'folder:lost.md'");
        write("edited.md", "after!"); // as long, and at the same time as before

        watched(source -> {
            List<String> listing = listing();
            int sent = producer.history().size();
            Reconciliation dry = reconcile(source, "dry", true, false);

            assertThat(dry.state()).isEqualTo(State.DONE);
            assertThat(dry.report().examples())
                    .isEqualTo(Map.of(
                            Kind.MISSING, List.of("folder:lost.md"),
                            Kind.CHANGED, List.of("folder:edited.md"),
                            Kind.GONE, List.of("folder:orphan.md")));
            assertThat(producer.history()).hasSize(sent);
            assertThat(listing()).isEqualTo(listing);

            Reconciliation real = reconcile(source, "real", false, false);
            assertThat(real.report().published()).isEqualTo(3);
            assertThat(producer.history().subList(sent, sent + 3))
                    .extracting(record -> record.value().key().document().value() + " "
                            + record.value().type())
                    .containsExactlyInAnyOrder(
                            "folder:lost.md " + ChangeType.CREATED,
                            "folder:edited.md " + ChangeType.CREATED,
                            "folder:orphan.md " + ChangeType.DELETED);
        });
    }

    @Test
    void aRunThatWouldDeleteSuspiciouslyMuchIsRefusedUntilItIsAllowed() throws Exception {
        for (int i = 0; i < 30; i++) {
            write("d" + i + ".md", "document " + i);
        }
        watched(source -> stream.deliver(() -> false));
        for (int i = 0; i < 20; i++) {
            Files.delete(root.resolve("d" + i + ".md"));
        }
        database.sql().update("DELETE FROM folder_listing"); // so that only the comparison can know
        watched(source -> {
            stream.deliver(() -> false);
            Reconciliation refused = reconcile(source, "refused", false, false);
            assertThat(refused.state()).isEqualTo(State.REFUSED);
            assertThat(refused.errorCode()).isEqualTo(ErrorCode.RECONCILE_DELETES_TOO_MUCH.id());
            assertThat(refused.report().heldDeletes()).isEqualTo(20);
            assertThat(refused.report().published()).isZero();

            assertThat(reconcile(source, "allowed", false, true).report().published())
                    .isEqualTo(20);
            stream.deliver(() -> false);
            assertThat(stream.documents()).isEqualTo(files());
        });
    }

    @Test
    void aFolderThatIsAwayIsWaitedForAndNothingIsDeleted() throws Exception {
        write("one.md", "text");
        watched(source -> stream.deliver(() -> false));
        Files.move(root, dir.resolve("elsewhere"));
        try (FolderSource source = source();
                Reconciler reconciler = reconciler(source)) {
            source.start();
            reconciliations.ask(new Reconciliations.Wish("away", COLLECTION, "folder", false, false), "key:test");
            reconciler.start();
            until(() -> reconciliations.find("away").orElseThrow().errorCode() != null
                    || source.progress().problem() != null);
            assertThat(reconciliations.find("away").orElseThrow().isEnded()).isFalse();
            Files.move(dir.resolve("elsewhere"), root);
            until(() -> reconciliations.find("away").orElseThrow().isEnded());
            assertThat(reconciliations.find("away").orElseThrow().state()).isEqualTo(State.DONE);
            assertThat(producer.history()).hasSize(1);
        }
    }

    @Test
    void whatWasKilledInTheMiddleIsFinishedOnceByTheNextProcess() throws Exception {
        for (int i = 0; i < 450; i++) { // more than two batches
            write("d" + i + ".md", "document " + i);
        }
        watched(source -> {});
        int told = producer.history().size();
        reconciliations.ask(new Reconciliations.Wish("killed", COLLECTION, "folder", false, false), "key:test");
        try (FolderSource source = source();
                Reconciler reconciler = reconciler(source)) {
            source.start();
            reconciler.start(); // all of it is missing: the stream lost everything
            until(() -> producer.history().size() > told + 50);
        }
        stream.deliver(() -> false);
        watched(source -> {
            Reconciliation done = reconcile(source, "killed", false, false);
            assertThat(done.state()).isEqualTo(State.DONE);
            stream.deliver(() -> false);
            assertThat(stream.documents()).isEqualTo(files());
            assertThat(reconcile(source, "after", true, false).report().examples())
                    .isEmpty();
        });
    }

    @Test
    void oneThatWasCancelledBeforeItBeganChangesNothing() throws Exception {
        write("one.md", "text");
        watched(source -> {
            int told = producer.history().size();
            reconciliations.ask(new Reconciliations.Wish("no", COLLECTION, "folder", false, false), "key:test");
            reconciliations.cancel("no");
            assertThat(reconcile(source, "no", false, false).state()).isEqualTo(State.CANCELLED);
            assertThat(producer.history()).hasSize(told);
        });
    }

    private interface Watching {
        void with(FolderSource source) throws Exception;
    }

    /** While the folder is watched, after its first look. */
    private void watched(Watching then) throws Exception {
        try (FolderSource source = source()) {
            source.start();
            until(() -> source.healthy()
                    && !source.progress().listing()
                    && source.reconcilable().isHere());
            then.with(source);
        }
    }

    private FolderSource source() {
        return new FolderSource(
                new FolderSource.Folder("", root, COLLECTION, List.of(), 20 << 20),
                new FolderSettings(List.of(root), Duration.ofHours(1), 0.5),
                intake,
                database.sql(),
                leases,
                Clock.systemUTC());
    }

    private Reconciler reconciler(FolderSource source) {
        return new Reconciler(
                List.of(source.reconcilable()),
                reconciliations,
                new Reconciler.Parts(
                        database.sql(),
                        leases,
                        new OperatorActs(new LedgerEntries(new byte[32]), entry -> {}, Clock.systemUTC()),
                        () -> Instant.MAX,
                        Clock.systemUTC()));
    }

    private Reconciliation reconcile(FolderSource source, String id, boolean dryRun, boolean allowDeletes)
            throws InterruptedException {
        reconciliations.ask(new Reconciliations.Wish(id, COLLECTION, "folder", dryRun, allowDeletes), "key:test");
        try (Reconciler reconciler = reconciler(source)) {
            reconciler.start();
            until(() -> reconciliations.find(id).orElseThrow().isEnded());
        }
        return reconciliations.find(id).orElseThrow();
    }

    /** While nobody watches. */
    private void happen(Random random) throws Exception {
        String name = "d" + random.nextInt(40) + ".md";
        String id = "folder:" + name;
        switch (random.nextInt(7)) {
            case 0, 1 -> write(name, "edit " + random.nextInt(1_000));
            case 2 -> Files.deleteIfExists(root.resolve(name));
            case 3 -> database.sql().update("DELETE FROM folder_listing WHERE path = ?", name);
            case 4 -> database.sql().update("DELETE FROM document WHERE document_id = ?", id);
            case 5 -> database.sql().update("DELETE FROM document_change WHERE document_id = ?", id);
            default -> stream.redeliver(random);
        }
    }

    /** All at the same moment: a comparison of times finds no edit that keeps the length. */
    private void write(String name, String text) throws Exception {
        Files.writeString(root.resolve(name), text);
        Files.setLastModifiedTime(root.resolve(name), THEN);
    }

    private Map<String, String> files() throws Exception {
        Map<String, String> files = new TreeMap<>();
        try (Stream<Path> all = Files.list(root)) {
            for (Path file : all.toList()) {
                files.put(
                        "folder:" + file.getFileName(),
                        FolderPublisher.print(ContentHash.of(Files.readAllBytes(file))));
            }
        }
        return files;
    }

    private List<String> listing() {
        return database.sql()
                .query(
                        "SELECT path, hash, sequence, published FROM folder_listing ORDER BY path",
                        row -> row.getString(1) + row.getString(2) + row.getLong(3) + row.getInt(4));
    }

    private static void until(BooleanSupplier condition) throws InterruptedException {
        long deadline = System.nanoTime() + Duration.ofSeconds(60).toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError("not reached within a minute");
            }
            Thread.sleep(20);
        }
    }

    /** Gate, stream and timeline: the newest position wins, what is older changes nothing. */
    private final class FakeStream {
        private final Map<String, Position> newest = new HashMap<>();
        private int delivered;

        void deliver(BooleanSupplier loses) {
            List<DocumentChanged> sent =
                    producer.history().stream().map(record -> record.value()).toList();
            for (DocumentChanged change : sent.subList(delivered, sent.size())) {
                if (!loses.getAsBoolean()) {
                    apply(change);
                }
            }
            delivered = sent.size();
        }

        void redeliver(Random random) {
            if (delivered > 0) {
                apply(producer.history().get(random.nextInt(delivered)).value());
            }
        }

        private void apply(DocumentChanged change) {
            String key = change.key().toString();
            if (!Objects.requireNonNull(change.position()).isAfter(newest.getOrDefault(key, Position.NONE))) {
                return;
            }
            newest.put(key, Objects.requireNonNull(change.position()));
            long version = database.sql()
                            .first(
                                    "SELECT MAX(version) FROM document_change WHERE document_key = ?",
                                    row -> row.getLong(1),
                                    key)
                            .orElse(0L)
                    + 100;
            boolean deleted = change.type() == ChangeType.DELETED;
            database.sql()
                    .update(
                            "INSERT INTO document_change (change_id, document_key, tenant, collection, document_id, event_id,"
                                    + " arrivals, duplicates, version, effect, state, open, deliveries, passages, embedded, reused)"
                                    + " VALUES (?, ?, 'local', 'default', ?, ?, 1, 0, ?, ?, 'INDEXED', 0, 0, 0, 0, 0)"
                                    + " ON CONFLICT DO NOTHING",
                            change.changeId().toString(),
                            key,
                            change.key().document().value(),
                            change.eventId(),
                            version,
                            deleted ? "DELETE" : "CONTENT");
            database.sql()
                    .update(
                            "INSERT INTO document (document_key, tenant, collection, document_id, source, state, version,"
                                    + " revision, indexed_version, indexed_revision, passages, changed_at)"
                                    + " VALUES (?, 'local', 'default', ?, ?, ?, ?, 0, 0, 0, 0, 0)"
                                    + " ON CONFLICT (document_key) DO UPDATE SET state = excluded.state, version = excluded.version",
                            key,
                            change.key().document().value(),
                            change.source(),
                            deleted ? "DELETED" : "LIVE",
                            version);
        }

        Map<String, String> documents() {
            Map<String, String> documents = new TreeMap<>();
            database.sql()
                    .query(
                            "SELECT d.document_id, c.event_id FROM document d JOIN document_change c ON"
                                    + " c.document_key = d.document_key AND c.version = d.version WHERE d.state <> 'DELETED'",
                            row -> Map.entry(row.getString(1), row.getString(2)))
                    .forEach(row -> documents.put(
                            row.getKey(),
                            row.getValue().substring(row.getValue().lastIndexOf(':') + 1)));
            return documents;
        }
    }
}
