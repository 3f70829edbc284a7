package io.palimpsest.platform.content;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.palimpsest.contracts.error.ErrorCode;
import io.palimpsest.contracts.error.PalimpsestException;
import io.palimpsest.contracts.id.ContentHash;
import io.palimpsest.contracts.id.DocumentKey;
import io.palimpsest.platform.config.DatabaseSettings;
import io.palimpsest.platform.database.Database;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What only files can show: the disk, damage, restart, keys. */
final class FileContentStoreTest {
    private static final DocumentKey DOCUMENT = DocumentKey.of("acme", "handbook", "https://example.org/a");
    private static final DocumentKey OTHER = DocumentKey.of("acme", "handbook", "https://example.org/b");
    private static final String SECRET = "The quick brown fox jumps over the lazy dog. ";
    private static final byte[] TEXT = SECRET.repeat(3_000).getBytes(UTF_8);

    @TempDir
    private Path folder;

    private Database database;
    private FileContentStore store;

    @BeforeEach
    void open() {
        database = Database.open(DatabaseSettings.inFile(folder.resolve("test.db")));
        store = store("master.key");
    }

    @AfterEach
    void close() {
        database.close();
    }

    @Test
    void plainTextNeverTouchesTheDisk() throws IOException {
        store.put(DOCUMENT, SECRET.getBytes(UTF_8));
        store.put(DOCUMENT, TEXT);
        Path file = Files.write(folder.resolve("source.txt"), TEXT);
        store.putFile(OTHER, file);
        Files.delete(file);

        for (Path written : files(folder)) {
            String bytes = new String(Files.readAllBytes(written), java.nio.charset.StandardCharsets.ISO_8859_1);
            assertThat(bytes).as(written.toString()).doesNotContain("quick brown", "example.org");
            assertThat(written.toString()).doesNotContain("example.org");
        }
    }

    @Test
    void storedTextIsCompressed() throws IOException {
        ContentHash hash = store.put(DOCUMENT, TEXT);

        assertThat(Files.size(stored(hash))).isLessThan(TEXT.length / 20);
    }

    @Test
    void contentIsThereAfterARestart() {
        ContentHash hash = store.put(DOCUMENT, TEXT);
        database.close();
        open();

        assertThat(store.read(DOCUMENT, hash)).isEqualTo(TEXT);
    }

    @Test
    void everyFlippedByteIsNoticed() throws IOException {
        ContentHash hash = store.put(DOCUMENT, SECRET.getBytes(UTF_8));
        Path file = stored(hash);
        byte[] sound = Files.readAllBytes(file);
        for (int i = 0; i < sound.length; i++) {
            byte[] damaged = sound.clone();
            damaged[i] ^= 1;
            Files.write(file, damaged);
            assertFails(hash);
        }
    }

    @Test
    void aTornFileIsNoticedAndRepairedByTheNextPut() throws IOException {
        ContentHash hash = store.put(DOCUMENT, TEXT);
        Path file = stored(hash);
        byte[] sound = Files.readAllBytes(file);
        for (int length : new int[] {0, 1, sound.length / 2, sound.length - 1}) {
            Files.write(file, java.util.Arrays.copyOf(sound, length));
            assertFails(hash);
        }

        store.put(DOCUMENT, TEXT);

        assertThat(store.read(DOCUMENT, hash)).isEqualTo(TEXT);
    }

    @Test
    void aFileMovedUnderAnotherDocumentDoesNotOpen() throws IOException {
        ContentHash hash = store.put(DOCUMENT, TEXT);
        ContentHash other = store.put(OTHER, SECRET.getBytes(UTF_8));
        Path stolen = stored(hash);
        Path target = stored(other).resolveSibling(hash.value());
        Files.copy(stolen, target);

        assertThatThrownBy(() -> store.read(OTHER, hash)).isInstanceOf(PalimpsestException.class);
    }

    @Test
    void anErasedDocumentIsUnreadableEvenFromABackupOfItsFiles() throws IOException {
        ContentHash hash = store.put(DOCUMENT, TEXT);
        Path file = stored(hash);
        byte[] backup = Files.readAllBytes(file);
        store.eraseDocument(DOCUMENT);
        assertThat(file).doesNotExist();

        Files.createDirectories(file.getParent());
        Files.write(file, backup);
        assertThatThrownBy(() -> store.read(DOCUMENT, hash))
                .isInstanceOfSatisfying(
                        PalimpsestException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.CONTENT_GONE));
        // The document comes back with a new key: the old file is replaced, not believed.
        assertThat(store.put(DOCUMENT, TEXT)).isEqualTo(hash);
        assertThat(store.read(DOCUMENT, hash)).isEqualTo(TEXT);
    }

    @Test
    void anotherMasterKeyOpensNothing() {
        ContentHash hash = store.put(DOCUMENT, TEXT);
        FileContentStore foreign = store("foreign.key");

        assertThatThrownBy(() -> foreign.read(DOCUMENT, hash))
                .isInstanceOfSatisfying(
                        PalimpsestException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.STORE_FAILED))
                .hasMessageContaining("master key");
    }

    @Test
    void largeContentIsNotHeldInMemory() throws IOException {
        int mebibytes = 64;
        Path file = folder.resolve("large.bin");
        byte[] block = new byte[1 << 20];
        new Random(7).nextBytes(block);
        try (var out = Files.newOutputStream(file)) {
            for (int i = 0; i < mebibytes; i++) {
                out.write(block);
            }
        }
        long before = allocated();

        ContentHash hash = store.putFile(DOCUMENT, file);
        try (var in = store.open(DOCUMENT, hash).orElseThrow()) {
            in.transferTo(java.io.OutputStream.nullOutputStream());
        }

        // Everything this thread ever allocated meanwhile, garbage included, is less than one copy of the file.
        assertThat(allocated() - before).isLessThan((long) mebibytes << 20);
    }

    @Test
    void messagesOfFailuresNameNoDocument() throws IOException {
        ContentHash hash = store.put(DOCUMENT, TEXT);
        Files.write(stored(hash), new byte[10]);

        assertThatThrownBy(() -> store.read(DOCUMENT, hash)).message().doesNotContain("example.org", "quick");
    }

    private FileContentStore store(String masterKey) {
        return new FileContentStore(
                folder.resolve("content"),
                new DocumentKeys(database.sql(), MasterKey.ensure(folder.resolve(masterKey))));
    }

    private void assertFails(ContentHash hash) {
        assertThatThrownBy(() -> store.read(DOCUMENT, hash))
                .isInstanceOfSatisfying(
                        PalimpsestException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.CONTENT_DAMAGED));
    }

    private Path stored(ContentHash hash) throws IOException {
        return files(folder.resolve("content")).stream()
                .filter(file -> file.getFileName().toString().equals(hash.value()))
                .findFirst()
                .orElseThrow();
    }

    private static List<Path> files(Path folder) throws IOException {
        try (Stream<Path> all = Files.walk(folder)) {
            return all.filter(Files::isRegularFile).toList();
        }
    }

    private static long allocated() {
        return ((com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean()).getCurrentThreadAllocatedBytes();
    }
}
