package io.palimpsest.ingest.source.s3;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.palimpsest.contracts.error.ErrorCode;
import io.palimpsest.contracts.error.PalimpsestException;
import io.palimpsest.contracts.event.ChangeType;
import io.palimpsest.contracts.event.DocumentChanged;
import io.palimpsest.contracts.id.CollectionKey;
import io.palimpsest.contracts.id.ContentHash;
import io.palimpsest.contracts.id.DocumentId;
import io.palimpsest.contracts.id.DocumentKey;
import io.palimpsest.contracts.topic.Topics;
import io.palimpsest.ingest.fetch.FetchOutcome;
import io.palimpsest.ingest.fetch.FetchPolicy;
import io.palimpsest.ingest.fetch.Fetcher;
import io.palimpsest.ingest.fetch.S3Reference;
import io.palimpsest.ingest.fetch.Validators;
import io.palimpsest.ingest.intake.ChangeIntake;
import io.palimpsest.ingest.intake.ChangePublisher;
import io.palimpsest.ingest.intake.CollectionRegistry;
import io.palimpsest.ingest.reconcile.Difference;
import io.palimpsest.ingest.reconcile.Listed;
import io.palimpsest.ingest.reconcile.ReconcilableSource;
import io.palimpsest.ingest.source.PassedOver;
import io.palimpsest.platform.config.IntakeSettings;
import io.palimpsest.platform.config.S3Access;
import io.palimpsest.platform.config.S3SourceSettings;
import io.palimpsest.platform.config.S3SourceSettings.Watched;
import io.palimpsest.platform.content.DocumentKeys;
import io.palimpsest.platform.content.FileContentStore;
import io.palimpsest.platform.content.MasterKey;
import io.palimpsest.platform.database.Database;
import io.palimpsest.platform.database.TestDatabases;
import io.palimpsest.platform.retry.Condition;
import io.palimpsest.platform.s3.S3Clients;
import io.palimpsest.platform.s3.TestS3;
import io.palimpsest.platform.telemetry.Telemetry;
import io.palimpsest.testkit.engine.EngineKind;
import io.palimpsest.testkit.engine.NeedsEngine;
import io.palimpsest.testkit.engine.S3Engine;
import io.palimpsest.testkit.fault.FaultProxy;
import java.net.URI;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.testcontainers.containers.GenericContainer;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.BucketVersioningStatus;

@NeedsEngine(EngineKind.S3)
@SuppressWarnings("NullAway.Init") // set before each test
class S3SourceIT {
    private static final Duration NEVER = Duration.ofHours(1);
    private static final int MAX_BYTES = 1 << 20;

    @TempDir
    Path dir;

    private final S3Engine engine;
    private final FaultProxy door;
    private final S3Access access;
    private final S3Client s3;
    private final String bucket = "source-" + UUID.randomUUID();
    private final Watched watched = new Watched("docs", bucket, "in/");
    private final Telemetry telemetry = Telemetry.local();
    private TestDatabases databases;
    private Database database;
    private MockProducer<DocumentKey, DocumentChanged> producer;
    private ChangeIntake intake;

    S3SourceIT(S3Engine engine) {
        this.engine = engine;
        door = new FaultProxy(engine.endpoint().getHost(), engine.endpoint().getPort());
        access = TestS3.access(engine, URI.create("http://127.0.0.1:" + door.port()), Duration.ofSeconds(5), 2);
        s3 = S3Clients.of(access);
        s3.createBucket(r -> r.bucket(bucket));
    }

    TestDatabases databases(Path folder) {
        return TestDatabases.files(folder);
    }

    @BeforeEach
    void open() {
        databases = databases(dir);
        database = Database.open(databases.fresh());
        begin(true);
    }

    @AfterEach
    void close() {
        if (database != null) { // not where the test was skipped
            database.close();
            databases.close();
        }
        telemetry.close();
        s3.close();
        door.close();
    }

    @Test
    void aListingFindsWhatChangedWhileItWasDownAndNothingElse() throws Exception {
        put("in/kept.md", "same");
        put("in/edited.md", "before");
        put("in/deleted.md", "gone soon");
        put("in/folder/", "");
        put("elsewhere.md", "not watched");
        try (S3Source source = started(NEVER)) {
            until(() -> source.progress().listed() == 3);
        }
        assertThat(sent()).hasSize(3).allMatch(change -> change.type() == ChangeType.CREATED);
        producer.clear();
        put("in/edited.md", "after, and longer");
        put("in/a b/größe+.txt", "new");
        delete("in/deleted.md");
        put("in/kept.md", "same");

        try (S3Source source = started(NEVER)) {
            until(() -> !source.progress().listing());
            assertThat(sent())
                    .extracting(change -> change.key().document().value() + " " + change.type())
                    .containsExactlyInAnyOrder(
                            "s3://" + bucket + "/in/edited.md " + ChangeType.UPDATED,
                            "s3://" + bucket + "/in/a%20b/gr%C3%B6%C3%9Fe%2B.txt " + ChangeType.CREATED,
                            "s3://" + bucket + "/in/deleted.md " + ChangeType.DELETED);
            assertThat(source.progress().listed()).isEqualTo(3);
        }
    }

    @Test
    void whatCannotBeTakenIsToldAndTakenOnceItCan() throws Exception {
        String tooLong =
                "in/" + String.join("/", Collections.nCopies(4, "ß".repeat(100))); // six characters each in an id
        put(tooLong, "named too long");
        put("in/large.md", "x".repeat(MAX_BYTES + 1));
        try (S3Source source = started(NEVER)) {
            until(() -> !source.progress().listing());
            assertThat(source.progress().unreadable()).isEqualTo(2);
            assertThat(source.progress().passedOver())
                    .containsExactlyInAnyOrder(
                            passedOver(
                                    tooLong.substring(0, 200) + "...",
                                    ErrorCode.FILE_NAME_UNUSABLE,
                                    "its key is too long to be the id of a document"),
                            passedOver("in/large.md", ErrorCode.FETCH_TOO_LARGE, "1048577 bytes, at most 1048576"));
            assertThat(sent()).isEmpty();

            put("in/large.md", "short");
            notice(source, "in/large.md");
            assertThat(source.progress().unreadable()).isEqualTo(1);
            assertThat(sent()).hasSize(1);
        }
        delete(tooLong);
        try (S3Source source = started(NEVER)) {
            until(() -> !source.progress().listing());
            assertThat(source.progress().passedOver()).isEmpty();
        }
    }

    private static PassedOver.Entry passedOver(String key, ErrorCode code, String message) {
        return new PassedOver.Entry(key, code.id(), message, code.hint());
    }

    @Test
    void aListingOfManyPagesIsWhole() throws Exception {
        try (ExecutorService threads = Executors.newFixedThreadPool(16)) {
            for (Future<?> put : IntStream.range(0, 1_050)
                    .mapToObj(i -> threads.submit(() -> put("in/doc-" + i, "text " + i)))
                    .toList()) {
                put.get();
            }
        }
        try (S3Source source = started(NEVER)) {
            until(() -> source.progress().listed() == 1_050);
        }
        assertThat(sent()).hasSize(1_050);
    }

    @Test
    void aNotificationIsPublishedAtOnceAndTwiceIsOnce() throws Exception {
        try (S3Source source = started(NEVER)) {
            until(() -> !source.progress().listing());
            put("in/a.md", "one");
            notice(source, "in/a.md");
            notice(source, "in/a.md");
            assertThat(sent()).hasSize(1);
            notice(source, "in/never-there.md");
            notice(source, "elsewhere.md");
            source.noticed(List.of(new S3Notice("another-bucket", "in/a.md")));
            assertThat(sent()).hasSize(1);
        }
    }

    @Test
    void aNotificationForAnObjectThatIsGoneDeletesItAndALateOneResurrectsNothing() throws Exception {
        try (S3Source source = started(NEVER)) {
            until(() -> !source.progress().listing());
            put("in/a.md", "one");
            notice(source, "in/a.md");
            delete("in/a.md");
            notice(source, "in/a.md"); // of a put that was overtaken
            notice(source, "in/a.md"); // of the delete
            assertThat(sent())
                    .extracting(DocumentChanged::type)
                    .containsExactly(ChangeType.CREATED, ChangeType.DELETED);

            put("in/a.md", "back");
            notice(source, "in/a.md");
            assertThat(sent()).hasSize(3);
            assertAscending();
        }
    }

    /** Law 2: whatever comes in whatever order, from however many processes, the last change published is the last state. */
    @Test
    void notificationsOutOfOrderTwiceAndFromTwoProcessesEndInTheLastState() throws Exception {
        Random random = new Random(5);
        List<String> keys = List.of("in/a", "in/b", "in/c");
        Map<String, String> last = new HashMap<>();
        try (S3Source one = started(Duration.ofMillis(200));
                S3Source two = started(Duration.ofMillis(300));
                ExecutorService threads = Executors.newFixedThreadPool(4)) {
            List<Future<?>> told = new java.util.ArrayList<>();
            for (int i = 0; i < 60; i++) {
                String key = keys.get(random.nextInt(keys.size()));
                if (random.nextInt(4) == 0) {
                    delete(key);
                    last.remove(key);
                } else {
                    put(key, "text " + i);
                    last.put(key, "text " + i);
                }
                for (S3Source source : List.of(one, two)) {
                    told.add(threads.submit(() -> notice(source, key)));
                }
            }
            for (Future<?> each : told) {
                each.get();
            }
        }
        Map<String, DocumentChanged> newest = new HashMap<>();
        sent().forEach(change -> newest.merge(
                change.key().document().value(),
                change,
                (a, b) -> Objects.requireNonNull(a.position()).isAfter(Objects.requireNonNull(b.position())) ? a : b));
        for (String key : keys) {
            DocumentChanged change = newest.get("s3://" + bucket + "/" + key);
            String text = last.get(key);
            if (text == null) {
                assertThat(change == null || change.type() == ChangeType.DELETED)
                        .as(key)
                        .isTrue();
            } else {
                assertThat(Objects.requireNonNull(change).eventId())
                        .as(key)
                        .endsWith(s3.headObject(r -> r.bucket(bucket).key(key))
                                .eTag()
                                .replace("\"", ""));
            }
        }
    }

    @Test
    void aChangeThatWasNotAcknowledgedIsSentAgainUnderTheSameNumber() throws Exception {
        begin(false); // the broker takes it and its answer is lost
        put("in/one.md", "text");
        S3Source interrupted = started(NEVER);
        until(() -> producer.history().size() == 1);
        interrupted.close();
        DocumentChanged first = sent().getFirst();
        begin(true);

        try (S3Source source = started(NEVER)) {
            until(() -> !source.progress().listing());
            assertThat(sent()).singleElement().satisfies(again -> {
                assertThat(again.changeId()).isEqualTo(first.changeId());
                assertThat(again.position()).isEqualTo(first.position());
            });
        }
    }

    @Test
    void manyDeletesAtOnceWaitForApproval() throws Exception {
        for (int i = 0; i < 30; i++) {
            put("in/doc-" + i, "text " + i);
        }
        try (S3Source source = started(NEVER)) {
            until(() -> source.progress().listed() == 30);
        }
        producer.clear();
        for (int i = 0; i < 25; i++) { // while nobody lists: half of them would not be held
            delete("in/doc-" + i);
        }
        try (S3Source source = started(Duration.ofMillis(200))) {
            until(() -> source.progress().heldDeletes() == 25);
            source.approveDeletes();
            until(() -> source.progress().listed() == 5 && source.progress().heldDeletes() == 0);
        }
        assertThat(sent())
                .filteredOn(change -> change.type() == ChangeType.DELETED)
                .hasSize(25);
    }

    @Test
    void whileTheServerIsAwayNothingIsDeletedAndEverythingIsFoundLater() throws Exception {
        put("in/a.md", "one");
        try (S3Source source = started(Duration.ofMillis(200))) {
            until(() -> source.progress().listed() == 1);
            door.refuse();
            until(() -> !source.healthy());
            assertThatThrownBy(() -> notice(source, "in/a.md"))
                    .isInstanceOfSatisfying(
                            PalimpsestException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.FETCH_FAILED));
            door.heal();
            put("in/b.md", "two");
            until(() -> source.healthy() && source.progress().listed() == 2);
        }
        assertThat(sent()).hasSize(2).noneMatch(change -> change.type() == ChangeType.DELETED);
    }

    @Test
    void aMissingBucketIsAProblemAndNoDeleteAndWatchedAgainOnceItIsBack() throws Exception {
        put("in/a.md", "one");
        try (S3Source source = started(Duration.ofMillis(200))) {
            until(() -> source.progress().listed() == 1);
            delete("in/a.md");
            s3.deleteBucket(r -> r.bucket(bucket));
            until(() -> !source.healthy());
            int before = sent().size();
            assertThatThrownBy(() -> notice(source, "in/a.md"))
                    .hasMessageContainingAll("there is no such bucket", "s3.source.bucket");
            assertThat(sent()).hasSize(before);

            s3.createBucket(r -> r.bucket(bucket));
            put("in/a.md", "one");
            put("in/b.md", "two");
            until(() -> source.healthy() && source.progress().listed() == 2);
            assertThat(sent().subList(before, sent().size()))
                    .extracting(change -> change.key().document().value() + " " + change.type())
                    .contains("s3://" + bucket + "/in/b.md " + ChangeType.CREATED);
        }
    }

    @Test
    void credentialsThatAreRefusedMeanwhileAreAProblemAndNoDelete() throws Exception {
        put("in/a.md", "one");
        try (GenericContainer<?> rotated = S3Engine.startContainer(Map.of("ROOT_SECRET_ACCESS_KEY", "rotated"))
                        .container()
                        .orElseThrow();
                S3Source source = started(Duration.ofMillis(200))) {
            until(() -> source.progress().listed() == 1);
            door.lead(rotated.getHost(), rotated.getFirstMappedPort());
            until(() -> !source.healthy());
            assertThatThrownBy(() -> notice(source, "in/a.md"))
                    .isInstanceOfSatisfying(
                            PalimpsestException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.FETCH_FAILED))
                    .hasMessageContainingAll(
                            "S3 at http://127.0.0.1:" + door.port(),
                            "it refuses the credentials",
                            "s3.source.secret.key")
                    .message()
                    .doesNotContain(engine.secretKey());

            door.lead(engine.endpoint().getHost(), engine.endpoint().getPort());
            put("in/b.md", "two");
            until(() -> source.healthy() && source.progress().listed() == 2);
        }
        assertThat(sent()).hasSize(2).noneMatch(change -> change.type() == ChangeType.DELETED);
    }

    @Test
    void aSlowServerIsListedAndOneThatStandsStillIsWaitedFor() throws Exception {
        put("in/a.md", "one");
        try (S3Source source = started(Duration.ofMillis(200))) {
            until(() -> source.progress().listed() == 1);
            door.slow(200);
            put("in/b.md", "two");
            until(() -> source.progress().listed() == 2);
            assertThat(source.healthy()).isTrue();

            door.stall();
            until(() -> !source.healthy());
            door.heal();
            put("in/c.md", "three");
            until(() -> source.healthy() && source.progress().listed() == 3);
        }
        assertThat(sent()).hasSize(3).noneMatch(change -> change.type() == ChangeType.DELETED);
    }

    @Test
    void versionsAreReferredToAndReadableAfterTheyWereOverwritten() throws Exception {
        s3.putBucketVersioning(
                r -> r.bucket(bucket).versioningConfiguration(v -> v.status(BucketVersioningStatus.ENABLED)));
        try (S3Source source = started(NEVER);
                Fetcher fetcher = fetcher()) {
            until(() -> !source.progress().listing());
            put("in/a b.md", "first");
            notice(source, "in/a b.md");
            put("in/a b.md", "second");
            notice(source, "in/a b.md");
            delete("in/a b.md"); // a marker
            notice(source, "in/a b.md");

            assertThat(sent())
                    .extracting(DocumentChanged::type)
                    .containsExactly(ChangeType.CREATED, ChangeType.UPDATED, ChangeType.DELETED);
            assertThat(fetched(fetcher, reference(0))).isEqualTo(ContentHash.ofText("first"));
            assertThat(fetched(fetcher, reference(1))).isEqualTo(ContentHash.ofText("second"));
        }
        producer.clear();
        try (S3Source source = started(NEVER)) { // the listing sees nothing that the notifications did not
            until(() -> !source.progress().listing());
            assertThat(sent()).isEmpty();
        }
    }

    @Test
    void whatTheDocumentsLackIsToldAnewAfterAllThatWasSaidOfIt() throws Exception {
        put("in/lost.md", "text");
        put("in/gone.md", "text");
        put("in/same.md", "text");
        try (S3Source source = started(NEVER)) {
            until(() -> source.progress().listed() == 3 && !source.progress().listing());
            ReconcilableSource reconcilable = source.reconcilable();
            assertThat(reconcilable.list(count -> {}).prints())
                    .isEqualTo(sent().stream()
                            .collect(Collectors.toMap(
                                    change -> change.key().document().value(),
                                    change -> Listed.print(change.eventId()))));
            delete("in/gone.md");
            database.sql().update("DELETE FROM bucket_object WHERE object_key = 'in/gone.md'");

            String prefix = "s3://" + bucket + "/in/";
            assertThat(reconcilable.retell(List.of(
                            new Difference(new DocumentId(prefix + "lost.md"), Difference.Kind.MISSING),
                            new Difference(new DocumentId(prefix + "gone.md"), Difference.Kind.GONE))))
                    .isEqualTo(2);

            assertThat(sent().subList(3, 5))
                    .extracting(change -> change.key().document().value() + " " + change.type())
                    .containsExactly(
                            prefix + "lost.md " + ChangeType.CREATED, prefix + "gone.md " + ChangeType.DELETED);
            assertThat(sent().subList(3, 5))
                    .allSatisfy(change -> assertThat(sent().subList(0, 3))
                            .allSatisfy(earlier -> assertThat(Objects.requireNonNull(change.position())
                                            .isAfter(Objects.requireNonNull(earlier.position())))
                                    .isTrue()));
            assertThat(reconcilable.list(count -> {}).unsure().test("s3://another/in/a.md"))
                    .isTrue();
            door.refuse();
            assertThatThrownBy(() -> reconcilable.list(count -> {})).isInstanceOf(PalimpsestException.class);
        }
    }

    @Test
    void referencesAreFetchedFromWatchedBucketsOnlyAndOnlyWhenTheyChanged() {
        put("in/a.md", "text");
        put("outside.md", "secret");
        Path into = dir.resolve("fetched");
        try (Fetcher fetcher = fetcher()) {
            FetchOutcome.Fetched first =
                    (FetchOutcome.Fetched) fetcher.fetch(URI.create("s3://" + bucket + "/in/a.md"), null, into);
            assertThat(first.hash()).isEqualTo(ContentHash.ofText("text"));
            Validators validators = Objects.requireNonNull(first.validators());
            assertThat(fetcher.fetch(URI.create("s3://" + bucket + "/in/a.md"), validators, into))
                    .isEqualTo(new FetchOutcome.NotModified());

            assertRefused(fetcher, "s3://" + bucket + "/outside.md", ErrorCode.REFERENCE_NOT_ALLOWED);
            assertRefused(fetcher, "s3://another/in/a.md", ErrorCode.REFERENCE_NOT_ALLOWED);
            assertRefused(fetcher, "s3://" + bucket + "/in/none.md", ErrorCode.REFERENCE_NOT_FOUND);
            put("in/large.bin", "x".repeat(2_000));
            assertRefused(fetcher, "s3://" + bucket + "/in/large.bin", ErrorCode.FETCH_TOO_LARGE);
            door.refuse();
            assertRefused(fetcher, "s3://" + bucket + "/in/a.md", ErrorCode.FETCH_FAILED);
        }
    }

    private void assertRefused(Fetcher fetcher, String reference, ErrorCode code) {
        assertThat(fetcher.fetch(URI.create(reference), null, dir.resolve("fetched")))
                .isInstanceOfSatisfying(
                        FetchOutcome.FetchFailed.class,
                        failed -> assertThat(failed.code()).isEqualTo(code));
    }

    private ContentHash fetched(Fetcher fetcher, URI reference) {
        return ((FetchOutcome.Fetched) fetcher.fetch(reference, null, dir.resolve("fetched"))).hash();
    }

    private URI reference(int change) {
        return Objects.requireNonNull(
                Objects.requireNonNull(sent().get(change).content()).uri());
    }

    private Fetcher fetcher() {
        return new Fetcher(
                new FetchPolicy(
                        List.of(),
                        Set.of(),
                        false,
                        1_000,
                        Duration.ofSeconds(5),
                        Duration.ofSeconds(20),
                        5,
                        Optional.empty()),
                new S3Reference(s3, settings(NEVER)));
    }

    private S3SourceSettings settings(Duration rescan) {
        return new S3SourceSettings(access, List.of(watched), rescan, 0.5, Optional.empty());
    }

    private S3Source started(Duration rescan) {
        S3Source source = new S3Source(
                watched,
                CollectionKey.of("local", "default"),
                settings(rescan),
                new S3Source.Parts(s3, intake, database.sql(), Clock.systemUTC(), MAX_BYTES));
        source.start();
        return source;
    }

    private void notice(S3Source source, String key) {
        source.noticed(List.of(new S3Notice(bucket, key)));
    }

    private void put(String key, String text) {
        s3.putObject(r -> r.bucket(bucket).key(key), RequestBody.fromBytes(text.getBytes(UTF_8)));
    }

    private void delete(String key) {
        s3.deleteObject(r -> r.bucket(bucket).key(key));
    }

    private List<DocumentChanged> sent() {
        return producer.history().stream().map(ProducerRecord::value).toList();
    }

    private void assertAscending() {
        assertThat(sent())
                .extracting(DocumentChanged::position)
                .isSortedAccordingTo(Comparator.comparing(Objects::requireNonNull))
                .doesNotHaveDuplicates();
        assertThat(new HashSet<>(sent())).hasSameSizeAs(sent());
    }

    private void begin(boolean acknowledges) {
        producer = new MockProducer<>(
                acknowledges,
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
    }

    private static void until(BooleanSupplier condition) throws InterruptedException {
        assertThat(Condition.await(condition::getAsBoolean, Duration.ofSeconds(60), Duration.ofMillis(20)))
                .as("reached within a minute")
                .isTrue();
    }
}
