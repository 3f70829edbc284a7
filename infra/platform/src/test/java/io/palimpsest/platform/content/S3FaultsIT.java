package io.palimpsest.platform.content;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.palimpsest.contracts.error.ErrorCode;
import io.palimpsest.contracts.error.PalimpsestException;
import io.palimpsest.contracts.id.ContentHash;
import io.palimpsest.contracts.id.DocumentKey;
import io.palimpsest.platform.config.DatabaseSettings;
import io.palimpsest.platform.config.S3Access;
import io.palimpsest.platform.config.S3ContentSettings;
import io.palimpsest.platform.database.Database;
import io.palimpsest.platform.retry.Condition;
import io.palimpsest.platform.s3.S3Clients;
import io.palimpsest.platform.s3.TestS3;
import io.palimpsest.testkit.engine.EngineKind;
import io.palimpsest.testkit.engine.NeedsEngine;
import io.palimpsest.testkit.engine.S3Engine;
import io.palimpsest.testkit.fault.FaultProxy;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.testcontainers.containers.GenericContainer;

/** A store whose server is away, slow, broken off or unwilling. */
@NeedsEngine(EngineKind.S3)
final class S3FaultsIT {
    private static final DocumentKey DOCUMENT = DocumentKey.of("acme", "handbook", "https://example.org/a");
    private static final byte[] TEXT = "A text that is stored. ".repeat(500).getBytes(UTF_8);
    private static final Duration DEADLINE = Duration.ofSeconds(60);
    private static final S3ContentStore.Patience SHORT =
            new S3ContentStore.Patience(Duration.ofSeconds(1), Duration.ofDays(1));

    @TempDir
    private Path folder;

    private final S3Engine engine;
    private final TestBucket bucket;
    private final FaultProxy proxy;
    private Database database;

    S3FaultsIT(S3Engine engine) {
        this.engine = engine;
        bucket = new TestBucket(engine);
        proxy = new FaultProxy(engine.endpoint().getHost(), engine.endpoint().getPort());
    }

    @BeforeEach
    void open() {
        database = Database.open(DatabaseSettings.inFile(folder.resolve("test.db")));
    }

    @AfterEach
    void close() {
        database.close();
        proxy.close();
        bucket.close();
    }

    @Test
    void wrongCredentialsStopTheStartAndAreNotTold() {
        assertRefused(bucket.as(engine.accessKey(), "not-the-secret"), ErrorCode.CONFIG_INVALID)
                .hasMessageContainingAll(
                        engine.endpoint().toString(), bucket.name(), "content.s3.secret.key", "SignatureDoesNotMatch")
                .message()
                .doesNotContain("not-the-secret");
        assertRefused(bucket.as("nobody", "not-the-secret"), ErrorCode.CONFIG_INVALID)
                .hasMessageContainingAll("refuses the credentials", "content.s3.access.key");
    }

    @Test
    void aMissingBucketStopsTheStart() {
        S3ContentSettings settings = bucket.settings();
        assertRefused(
                        new S3ContentSettings(
                                settings.access(), "no-such-bucket", "", settings.checksum(), settings.partBytes()),
                        ErrorCode.CONFIG_INVALID)
                .hasMessageContainingAll("bucket no-such-bucket", "create it, or correct content.s3.bucket");
    }

    @Test
    void aServerThatIsAwayAtTheStartIsWaitedForAndNamed() throws Exception {
        proxy.refuse();
        S3ContentSettings away = bucket.through(proxy.port(), Duration.ofSeconds(2), 1);
        assertRefused(away, ErrorCode.STORE_FAILED)
                .hasMessageContainingAll("127.0.0.1:" + proxy.port(), "does not answer", "content.s3.endpoint");

        try (ExecutorService thread = Executors.newSingleThreadExecutor()) {
            Future<S3ContentStore> opening = thread.submit(() -> S3ContentStore.open(away, keys()));
            assertThat(Condition.await(opening::isDone, Duration.ofMillis(500), Duration.ofMillis(50)))
                    .isFalse();
            proxy.heal();
            try (S3ContentStore store = opening.get()) {
                assertThat(store.state().ready()).isTrue();
            }
        }
    }

    @Test
    void aServerThatTakesNoWritesStopsTheStart() throws Exception {
        String name = "read-only";
        S3Engine refusing = S3Engine.startContainer(Map.of("VGW_READ_ONLY", "true"));
        try (GenericContainer<?> container = refusing.container().orElseThrow()) {
            container.execInContainer("mkdir", "/objects/" + name);
            S3Access access = TestS3.access(refusing);
            S3ContentSettings settings = bucket.settings();
            assertRefused(
                            new S3ContentSettings(access, name, "", settings.checksum(), settings.partBytes()),
                            ErrorCode.CONFIG_INVALID)
                    .hasMessageContainingAll(
                            refusing.endpoint().toString(),
                            "bucket read-only",
                            "give content.s3.access.key the permission");
        }
    }

    @Test
    void credentialsThatAreTakenAwayMeanwhileMakeTheStoreWaitNotGiveUp() {
        // As an operator would see it: the same store, its key refused from now on.
        S3ContentSettings wrong = bucket.as(engine.accessKey(), "rotated");
        try (S3ContentStore store = S3ContentStore.unchecked(S3Clients.of(wrong.access()), wrong, keys())) {
            assertThatThrownBy(() -> store.put(DOCUMENT, TEXT))
                    .isInstanceOfSatisfying(
                            PalimpsestException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.STORE_FAILED))
                    .hasMessageContaining("refuses the credentials")
                    .message()
                    .doesNotContain("rotated", "example.org");
            assertThat(store.state().ready()).isFalse();
        }
    }

    @Test
    void aServerThatRefusesMeanwhileIsToldAndUsedAgainByItself() throws Exception {
        Map<String, String> rotated = Map.of("ROOT_SECRET_ACCESS_KEY", "rotated");
        Map<String, String> noWrites = Map.of("VGW_READ_ONLY", "true");
        try (GenericContainer<?> credentials = sameBucket(rotated);
                GenericContainer<?> readOnly = sameBucket(noWrites);
                S3ContentStore store = through(Duration.ofSeconds(5), 2)) {
            ContentHash before = store.put(DOCUMENT, TEXT);
            refusesUntilItIsBack(store, before, credentials, "it refuses the credentials", "content.s3.secret.key");
            refusesUntilItIsBack(store, before, readOnly, "it does not allow this", "content.s3.access.key");
        }
    }

    private void refusesUntilItIsBack(
            S3ContentStore store, ContentHash before, GenericContainer<?> refusing, String what, String setting)
            throws InterruptedException {
        byte[] text = what.getBytes(UTF_8);
        proxy.lead(refusing.getHost(), refusing.getFirstMappedPort());
        assertThatThrownBy(() -> store.put(DOCUMENT, text))
                .isInstanceOfSatisfying(
                        PalimpsestException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.STORE_FAILED))
                .hasMessageStartingWith("S3 at http://127.0.0.1:" + proxy.port() + ", bucket " + bucket.name())
                .hasMessageContainingAll(what, setting)
                .message()
                .doesNotContain("example.org", engine.secretKey());
        assertThat(store.state().ready()).isFalse();
        assertThat(store.state().detail()).contains(what);

        proxy.lead(engine.endpoint().getHost(), engine.endpoint().getPort());
        assertThat(Condition.await(() -> store.state().ready(), DEADLINE, Duration.ofMillis(50)))
                .isTrue();
        assertThat(store.read(DOCUMENT, before)).isEqualTo(TEXT);
        assertThat(store.read(DOCUMENT, store.put(DOCUMENT, text))).isEqualTo(text);
    }

    /** Another server with a bucket of this name, empty. */
    private GenericContainer<?> sameBucket(Map<String, String> environment) throws Exception {
        GenericContainer<?> container =
                S3Engine.startContainer(environment).container().orElseThrow();
        container.execInContainer("mkdir", "/objects/" + bucket.name());
        return container;
    }

    @Test
    void aBucketThatIsDeletedMeanwhileIsNamedAndUsedAgainOnceItIsBack() throws InterruptedException {
        try (S3ContentStore store = S3ContentStore.open(bucket.settings(), keys())) {
            bucket.s3().deleteBucket(r -> r.bucket(bucket.name()));
            assertThatThrownBy(() -> store.put(DOCUMENT, TEXT))
                    .isInstanceOfSatisfying(
                            PalimpsestException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.STORE_FAILED))
                    .hasMessageContainingAll(
                            engine.endpoint().toString(), "there is no such bucket", "content.s3.bucket");
            assertThatThrownBy(() -> store.read(DOCUMENT, ContentHash.of(TEXT)))
                    .isInstanceOfSatisfying(
                            PalimpsestException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.STORE_FAILED));
            assertThat(store.state().ready()).isFalse();

            bucket.s3().createBucket(r -> r.bucket(bucket.name()));
            assertThat(Condition.await(() -> store.state().ready(), DEADLINE, Duration.ofMillis(50)))
                    .isTrue();
            assertThat(store.read(DOCUMENT, store.put(DOCUMENT, TEXT))).isEqualTo(TEXT);
        }
    }

    @Test
    void aConnectionThatBreaksInTheMiddleOfAReadIsNotDamage() throws IOException {
        Path file = large(24);
        try (S3ContentStore store = through(Duration.ofSeconds(5), 4)) {
            ContentHash hash = store.putFile(DOCUMENT, file);
            for (long bytes = 100_000; bytes < 20 << 20; bytes += 6 << 20) {
                proxy.cutResponsesAfter(bytes);
                assertThat(store.isIntact(DOCUMENT, hash)).isTrue();
            }
            assertThat(proxy.cuts()).isEqualTo(4);

            proxy.cutResponsesAfter(1 << 20);
            try (InputStream in = store.open(DOCUMENT, hash).orElseThrow()) {
                in.readNBytes(512 << 10);
                proxy.refuse();
                assertThatThrownBy(() -> in.transferTo(OutputStream.nullOutputStream()))
                        .isInstanceOfSatisfying(
                                PalimpsestException.class,
                                e -> assertThat(e.code()).isEqualTo(ErrorCode.STORE_FAILED));
            }
            proxy.heal();
            assertThat(store.isIntact(DOCUMENT, hash)).isTrue();
        }
    }

    @Test
    void anUploadThatBreaksAnywhereIsRepeatedAndNeverHalfThere() throws IOException {
        Path file = large(12);
        try (S3ContentStore store = through(Duration.ofSeconds(5), 4)) {
            for (long bytes = 50_000; bytes < 12 << 20; bytes += 3 << 20) {
                DocumentKey key = DocumentKey.of("acme", "handbook", "cut-after-" + bytes);
                proxy.cutRequestsAfter(bytes);
                ContentHash hash = store.putFile(key, file);
                assertThat(store.isIntact(key, hash)).isTrue();
            }
            assertThat(proxy.cuts()).isEqualTo(4);
            assertThat(bucket.uploads()).isEmpty();
        }
    }

    @Test
    void anUploadThatCannotEndIsInvisibleAndRemovedAtTheNextStart() throws Exception {
        Path file = large(12);
        try (S3ContentStore store = through(Duration.ofSeconds(2), 2);
                ExecutorService thread = Executors.newSingleThreadExecutor()) {
            proxy.slow(1);
            Future<ContentHash> put = thread.submit(() -> store.putFile(DOCUMENT, file));
            assertThat(Condition.await(() -> !bucket.uploads().isEmpty(), DEADLINE, Duration.ofMillis(10)))
                    .isTrue();
            proxy.refuse();
            assertThatThrownBy(put::get).hasRootCauseInstanceOf(IOException.class);

            assertThat(bucket.objects()).isEmpty();
            assertThat(bucket.uploads()).hasSize(1);
        }
        proxy.heal();
        S3ContentStoreIT.open(
                        bucket.settings(),
                        keys(),
                        new S3ContentStore.Patience(Duration.ofSeconds(5), Duration.ofSeconds(-5)))
                .close();
        assertThat(bucket.uploads()).isEmpty();
    }

    @Test
    void aSlowServerIsWaitedForAndAStandingOneIsToldAndComesBack() throws InterruptedException {
        try (S3ContentStore store = through(Duration.ofSeconds(1), 2)) {
            proxy.slow(100);
            ContentHash hash = store.put(DOCUMENT, TEXT);
            assertThat(store.read(DOCUMENT, hash)).isEqualTo(TEXT);

            proxy.stall();
            long begun = System.nanoTime();
            assertThatThrownBy(() -> store.read(DOCUMENT, hash))
                    .isInstanceOfSatisfying(
                            PalimpsestException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.STORE_FAILED))
                    .hasMessageContaining("does not answer");
            assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(15));
            assertThat(store.state().ready()).isFalse();
            assertThat(store.state().detail()).contains("content.s3.endpoint").doesNotContain("127.0.0.1");

            proxy.heal();
            assertThat(Condition.await(() -> store.state().ready(), DEADLINE, Duration.ofMillis(50)))
                    .as("it is asked again in the background")
                    .isTrue();
            assertThat(store.read(DOCUMENT, hash)).isEqualTo(TEXT);
        }
    }

    /** Law 1: what a put returned is there, whatever becomes of the server meanwhile; and nobody has to do anything. */
    @Test
    void workGoesOnByItselfAfterKillsOfTheServer() throws Exception {
        S3Engine own = S3Engine.startContainer(Map.of());
        AtomicBoolean stopping = new AtomicBoolean();
        AtomicInteger failures = new AtomicInteger();
        Set<Integer> acknowledged = ConcurrentHashMap.newKeySet();
        Path large = large(11);
        try (GenericContainer<?> container = own.container().orElseThrow();
                TestBucket ownBucket = new TestBucket(own);
                FaultProxy door =
                        new FaultProxy(own.endpoint().getHost(), own.endpoint().getPort());
                S3ContentStore store =
                        S3ContentStoreIT.open(ownBucket.through(door.port(), Duration.ofSeconds(2), 3), keys(), SHORT);
                ExecutorService threads = Executors.newFixedThreadPool(2)) {
            try {
                var writers = IntStream.range(0, 2)
                        .mapToObj(first -> threads.submit(() -> {
                            for (int n = first; !stopping.get(); n += 2) {
                                int number = n;
                                untilDone(failures, () -> putAndCheck(store, number, large));
                                acknowledged.add(n);
                            }
                        }))
                        .toList();
                for (int round = 0; round < 2; round++) {
                    awaitMore(acknowledged, 20);
                    kill(container, door);
                }
                awaitMore(acknowledged, 20);
                stopping.set(true);
                for (Future<?> writer : writers) {
                    writer.get();
                }
                assertThat(acknowledged)
                        .allSatisfy(n -> assertThat(store.isIntact(document(n), hash(n, large)))
                                .isTrue());
                assertThat(failures).hasPositiveValue();
            } finally {
                stopping.set(true);
            }
        }
    }

    private static void putAndCheck(S3ContentStore store, int number, Path large) {
        ContentHash stored =
                number % 10 == 9 ? store.putFile(document(number), large) : store.put(document(number), small(number));
        assertThat(store.isIntact(document(number), stored)).isTrue();
    }

    private static ContentHash hash(int number, Path large) throws IOException {
        return number % 10 == 9 ? Seal.hashOf(large) : ContentHash.of(small(number));
    }

    private static byte[] small(int number) {
        return ("content " + number + " ").repeat(100).getBytes(UTF_8);
    }

    private static DocumentKey document(int number) {
        return DocumentKey.of("acme", "handbook", "doc-" + number);
    }

    private static void untilDone(AtomicInteger failures, Runnable work) {
        while (true) {
            try {
                work.run();
                return;
            } catch (PalimpsestException e) {
                assertThat(e.code()).isEqualTo(ErrorCode.STORE_FAILED);
                failures.incrementAndGet();
            }
        }
    }

    private static void awaitMore(Set<Integer> acknowledged, int more) throws InterruptedException {
        int wanted = acknowledged.size() + more;
        assertThat(Condition.await(() -> acknowledged.size() >= wanted, DEADLINE, Duration.ofMillis(10)))
                .as("%s of %s written", acknowledged.size(), wanted)
                .isTrue();
    }

    private static void kill(GenericContainer<?> container, FaultProxy door) throws InterruptedException {
        var docker = container.getDockerClient();
        docker.killContainerCmd(container.getContainerId()).exec();
        Thread.sleep(3_000); // long enough for callers to see failures
        docker.startContainerCmd(container.getContainerId()).exec();
        var ports = docker.inspectContainerCmd(container.getContainerId())
                .exec()
                .getNetworkSettings()
                .getPorts()
                .getBindings()
                .values();
        door.lead(
                container.getHost(), Integer.parseInt(ports.iterator().next()[0].getHostPortSpec()));
    }

    private S3ContentStore through(Duration timeout, int attempts) {
        return S3ContentStoreIT.open(bucket.through(proxy.port(), timeout, attempts), keys(), SHORT);
    }

    private org.assertj.core.api.AbstractThrowableAssert<?, ? extends Throwable> assertRefused(
            S3ContentSettings settings, ErrorCode code) {
        return assertThatThrownBy(() -> S3ContentStoreIT.open(settings, keys(), SHORT))
                .isInstanceOfSatisfying(
                        PalimpsestException.class,
                        e -> assertThat(e.code()).as(e.getMessage()).isEqualTo(code));
    }

    private DocumentKeys keys() {
        return new DocumentKeys(database.sql(), MasterKey.ensure(folder.resolve("master.key")));
    }

    private Path large(int mebibytes) throws IOException {
        Path file = folder.resolve("large.bin");
        byte[] block = new byte[1 << 20];
        Random random = new Random(11);
        try (var out = Files.newOutputStream(file)) {
            for (int i = 0; i < mebibytes; i++) {
                random.nextBytes(block);
                out.write(block);
            }
        }
        return file;
    }
}
