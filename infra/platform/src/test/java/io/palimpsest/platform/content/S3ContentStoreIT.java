package io.palimpsest.platform.content;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.palimpsest.contracts.error.ErrorCode;
import io.palimpsest.contracts.error.PalimpsestException;
import io.palimpsest.contracts.id.ContentHash;
import io.palimpsest.contracts.id.DocumentKey;
import io.palimpsest.platform.config.DatabaseSettings;
import io.palimpsest.platform.config.S3ContentSettings;
import io.palimpsest.platform.config.S3ContentSettings.Checksum;
import io.palimpsest.platform.database.Database;
import io.palimpsest.platform.s3.S3Bucket;
import io.palimpsest.platform.s3.S3Clients;
import io.palimpsest.testkit.engine.EngineKind;
import io.palimpsest.testkit.engine.NeedsEngine;
import io.palimpsest.testkit.engine.S3Engine;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.management.ManagementFactory;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.CompleteMultipartUploadRequest;
import software.amazon.awssdk.services.s3.model.PutObjectRequest;
import software.amazon.awssdk.services.s3.model.S3Exception;

/** What only a bucket can show: what the server sees, damage, uploads that end in the middle. */
@NeedsEngine(EngineKind.S3)
final class S3ContentStoreIT {
    private static final DocumentKey DOCUMENT = DocumentKey.of("acme", "handbook", "https://example.org/a");
    private static final DocumentKey OTHER = DocumentKey.of("acme", "handbook", "https://example.org/b");
    private static final String SECRET = "The quick brown fox jumps over the lazy dog. ";
    private static final byte[] TEXT = SECRET.repeat(3_000).getBytes(UTF_8);
    private static final S3ContentStore.Patience PATIENCE =
            new S3ContentStore.Patience(Duration.ofSeconds(10), Duration.ofDays(1));

    @TempDir
    private Path folder;

    private final TestBucket bucket;
    private Database database;
    private S3ContentStore store;

    S3ContentStoreIT(S3Engine engine) {
        bucket = new TestBucket(engine);
    }

    @BeforeEach
    void open() {
        database = Database.open(DatabaseSettings.inFile(folder.resolve("test.db")));
        store = S3ContentStore.open(bucket.settings(), keys());
    }

    @AfterEach
    void close() {
        store.close();
        database.close();
        bucket.close();
    }

    @Test
    void plainTextNeverReachesTheServer() throws IOException {
        store.put(DOCUMENT, SECRET.getBytes(UTF_8));
        store.put(DOCUMENT, TEXT);
        store.putFile(OTHER, Files.write(folder.resolve("source.txt"), TEXT));

        assertThat(bucket.objects()).hasSize(3).allSatisfy(object -> {
            assertThat(object).startsWith("palimpsest/acme/handbook/").doesNotContain("example.org");
            assertThat(new String(bucket.bytes(object), ISO_8859_1)).doesNotContain("quick brown", "example.org");
        });
    }

    @Test
    void contentIsThereForAnotherProcess() {
        ContentHash hash = store.put(DOCUMENT, TEXT);

        try (S3ContentStore another = S3ContentStore.open(bucket.settings(), keys())) {
            assertThat(another.read(DOCUMENT, hash)).isEqualTo(TEXT);
            assertThat(another.state().ready()).isTrue();
        }
    }

    @Test
    void everyFlippedByteIsNoticed() {
        ContentHash hash = store.put(DOCUMENT, SECRET.getBytes(UTF_8));
        byte[] sound = bucket.bytes(object(hash));
        for (int i = 0; i < sound.length; i += 3) {
            byte[] damaged = sound.clone();
            damaged[i] ^= 1;
            bucket.write(object(hash), damaged);
            assertDamaged(hash);
        }
    }

    @Test
    void aTornObjectIsNoticedAndRepairedByTheNextPut() {
        ContentHash hash = store.put(DOCUMENT, TEXT);
        byte[] sound = bucket.bytes(object(hash));
        for (int length : new int[] {0, 1, sound.length / 2, sound.length - 1}) {
            bucket.write(object(hash), Arrays.copyOf(sound, length));
            assertDamaged(hash);
            assertThat(store.isIntact(DOCUMENT, hash)).isFalse();
        }

        store.put(DOCUMENT, TEXT);

        assertThat(store.read(DOCUMENT, hash)).isEqualTo(TEXT);
        assertThat(store.isIntact(DOCUMENT, hash)).isTrue();
    }

    @Test
    void aDamagedLargeObjectIsRepairedByTheNextPut() throws IOException {
        Path file = large(12);
        ContentHash hash = store.putFile(DOCUMENT, file);
        byte[] damaged = bucket.bytes(object(hash));
        damaged[damaged.length / 2] ^= 1;
        bucket.write(object(hash), damaged);
        assertThat(store.isIntact(DOCUMENT, hash)).isFalse();

        store.putFile(DOCUMENT, file);

        assertThat(store.isIntact(DOCUMENT, hash)).isTrue();
        assertThat(bucket.uploads()).isEmpty();
    }

    @Test
    void anObjectUnderAnotherDocumentDoesNotOpen() {
        ContentHash hash = store.put(DOCUMENT, TEXT);
        store.put(OTHER, SECRET.getBytes(UTF_8));
        bucket.write("palimpsest/" + Seal.folder(OTHER) + "/" + hash, bucket.bytes(object(hash)));

        assertThatThrownBy(() -> store.read(OTHER, hash)).isInstanceOf(PalimpsestException.class);
    }

    @Test
    void anErasedDocumentIsUnreadableEvenFromABackupOfItsObjects() {
        ContentHash hash = store.put(DOCUMENT, TEXT);
        byte[] backup = bucket.bytes(object(hash));
        store.eraseDocument(DOCUMENT);
        assertThat(bucket.objects()).isEmpty();

        bucket.write(object(hash), backup);
        assertThatThrownBy(() -> store.read(DOCUMENT, hash))
                .isInstanceOfSatisfying(
                        PalimpsestException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.CONTENT_GONE));
        // The document comes back with a new key: the old object is replaced, not believed.
        assertThat(store.put(DOCUMENT, TEXT)).isEqualTo(hash);
        assertThat(store.read(DOCUMENT, hash)).isEqualTo(TEXT);
    }

    @Test
    void twoProcessesThatPutTheSameAtOnceBothSucceed() throws Exception {
        try (S3ContentStore another = S3ContentStore.open(bucket.settings(), keys());
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var puts = IntStream.range(0, 40)
                    .mapToObj(i -> threads.submit(() -> (i % 2 == 0 ? store : another).put(DOCUMENT, TEXT)))
                    .toList();
            for (Future<ContentHash> put : puts) {
                assertThat(store.read(DOCUMENT, put.get())).isEqualTo(TEXT);
            }
        }
        assertThat(bucket.objects()).hasSize(1);
    }

    @ParameterizedTest
    @EnumSource(Checksum.class)
    void smallAndLargeContentIsStoredUnderEachChecksum(Checksum checksum) throws IOException {
        try (S3ContentStore other = S3ContentStore.open(bucket.settings(checksum), keys())) {
            ContentHash small = other.put(DOCUMENT, TEXT);
            ContentHash large = other.putFile(DOCUMENT, large(11));

            assertThat(store.isIntact(DOCUMENT, small)).isTrue();
            assertThat(store.isIntact(DOCUMENT, large)).isTrue();
        }
    }

    @Test
    void aServerWithoutConditionsIsServedWithoutThem() throws IOException {
        AtomicInteger refused = new AtomicInteger();
        try (S3ContentStore plain =
                S3ContentStore.open(withoutConditions(bucket.s3(), refused), bucket.settings(), keys(), PATIENCE)) {
            ContentHash small = plain.put(DOCUMENT, TEXT);
            ContentHash large = plain.putFile(DOCUMENT, large(11));

            assertThat(plain.put(DOCUMENT, TEXT)).isEqualTo(small);
            assertThat(store.isIntact(DOCUMENT, small)).isTrue();
            assertThat(store.isIntact(DOCUMENT, large)).isTrue();
            assertThat(refused).as("asked once, then no more").hasValue(1);
        }
    }

    @Test
    void anAbortedUploadLeavesNothing() throws IOException {
        S3Bucket raw = new S3Bucket(
                bucket.s3(),
                new S3Bucket.Place("here", bucket.name(), "content.s3", ErrorCode.STORE_FAILED),
                (s3, name) -> {});
        S3Upload upload = new S3Upload(raw, bucket.settings(), "palimpsest/x", true);
        upload.write(new byte[2 * TestBucket.PART + 1]);
        assertThat(bucket.uploads()).hasSize(1);
        assertThat(bucket.objects()).isEmpty();

        upload.abort();

        assertThat(bucket.uploads()).isEmpty();
        assertThat(bucket.objects()).isEmpty();
    }

    @Test
    void uploadsOfADeadProcessAreRemovedAtTheStart() {
        bucket.s3().createMultipartUpload(r -> r.bucket(bucket.name()).key("palimpsest/acme/handbook/00/left"));
        bucket.s3().createMultipartUpload(r -> r.bucket(bucket.name()).key("of-others"));
        try (S3ContentStore young = S3ContentStore.open(bucket.settings(), keys())) {
            assertThat(young.state().ready()).isTrue();
            assertThat(bucket.uploads())
                    .as("it may be another's that is still sending")
                    .hasSize(2);
        }

        S3ContentStore.open(
                        S3Clients.of(bucket.settings().access()),
                        bucket.settings(),
                        keys(),
                        new S3ContentStore.Patience(Duration.ofSeconds(10), Duration.ofSeconds(-5)))
                .close();

        assertThat(bucket.uploads())
                .singleElement()
                .satisfies(upload -> assertThat(upload.key()).isEqualTo("of-others"));
    }

    @Test
    void largeContentIsNotHeldInMemory() throws IOException {
        int mebibytes = 64;
        Path file = large(mebibytes);
        long before = allocated();

        ContentHash hash = store.putFile(DOCUMENT, file);
        try (var in = store.open(DOCUMENT, hash).orElseThrow()) {
            in.transferTo(OutputStream.nullOutputStream());
        }

        // Everything this thread ever allocated meanwhile, garbage included, is less than one copy of the file.
        assertThat(allocated() - before).isLessThan((long) mebibytes << 20);
        assertThat(bucket.objects()).hasSize(1);
        assertThat(bucket.uploads()).isEmpty();
    }

    private DocumentKeys keys() {
        return new DocumentKeys(database.sql(), MasterKey.ensure(folder.resolve("master.key")));
    }

    private void assertDamaged(ContentHash hash) {
        assertThatThrownBy(() -> store.read(DOCUMENT, hash))
                .isInstanceOfSatisfying(
                        PalimpsestException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.CONTENT_DAMAGED));
    }

    private static String object(ContentHash hash) {
        return "palimpsest/" + Seal.folder(DOCUMENT) + "/" + hash;
    }

    private Path large(int mebibytes) throws IOException {
        Path file = folder.resolve("large-" + mebibytes + ".bin");
        byte[] block = new byte[1 << 20];
        Random random = new Random(7);
        try (var out = Files.newOutputStream(file)) {
            for (int i = 0; i < mebibytes; i++) {
                random.nextBytes(block);
                out.write(block);
            }
        }
        return file;
    }

    private static long allocated() {
        return ((com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean()).getCurrentThreadAllocatedBytes();
    }

    /** The same server, but for conditions: 501, as the S3 documentation has it. */
    private static S3Client withoutConditions(S3Client s3, AtomicInteger refused) {
        return (S3Client) Proxy.newProxyInstance(
                S3Client.class.getClassLoader(), new Class<?>[] {S3Client.class}, (proxy, method, arguments) -> {
                    Object[] given = arguments == null ? new Object[0] : arguments;
                    if (Arrays.stream(given).anyMatch(S3ContentStoreIT::isConditional)) {
                        refused.incrementAndGet();
                        throw S3Exception.builder().statusCode(501).build();
                    }
                    try {
                        if (method.isDefault() && given.length == 1 && given[0] instanceof Consumer) {
                            return InvocationHandler.invokeDefault(proxy, method, given);
                        }
                        return method.invoke(s3, given);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }

    private static boolean isConditional(Object request) {
        return switch (request) {
            case PutObjectRequest put -> put.ifNoneMatch() != null;
            case CompleteMultipartUploadRequest last -> last.ifNoneMatch() != null;
            default -> false;
        };
    }

    /** Used by the tests of faults too. */
    static S3ContentStore open(S3ContentSettings settings, DocumentKeys keys, S3ContentStore.Patience patience) {
        return S3ContentStore.open(S3Clients.of(settings.access()), settings, keys, patience);
    }
}
