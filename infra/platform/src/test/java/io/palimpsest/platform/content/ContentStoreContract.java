package io.palimpsest.platform.content;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.palimpsest.contracts.error.ErrorCode;
import io.palimpsest.contracts.error.PalimpsestException;
import io.palimpsest.contracts.id.ContentHash;
import io.palimpsest.contracts.id.DocumentKey;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.util.HexFormat;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The laws of {@link ContentStore}; every implementation runs them. */
public abstract class ContentStoreContract {
    private static final DocumentKey DOCUMENT = DocumentKey.of("acme", "handbook", "https://example.org/a");
    private static final DocumentKey OTHER_DOCUMENT = DocumentKey.of("acme", "handbook", "https://example.org/b");
    private static final DocumentKey OTHER_TENANT = DocumentKey.of("globex", "handbook", "https://example.org/a");
    private static final DocumentKey OTHER_COLLECTION = DocumentKey.of("acme", "wiki", "https://example.org/a");
    private static final byte[] TEXT = "What was put is read again, äöü ✓.".getBytes(UTF_8);

    /** The store under test, the same one at every call. */
    protected abstract ContentStore store();

    @Test
    void whatWasPutIsReadAgainUnderItsHash() {
        ContentHash hash = store().put(DOCUMENT, TEXT);

        assertThat(hash).isEqualTo(ContentHash.of(TEXT));
        assertThat(store().read(DOCUMENT, hash)).isEqualTo(TEXT);
        assertThat(store().contains(DOCUMENT, hash)).isTrue();
        assertThat(store().list(DOCUMENT)).containsExactly(hash);
    }

    @Test
    void emptyContentIsContent() {
        ContentHash hash = store().put(DOCUMENT, new byte[0]);

        assertThat(store().read(DOCUMENT, hash)).isEmpty();
    }

    @Test
    void puttingTheSameAgainChangesNothing() {
        ContentHash first = store().put(DOCUMENT, TEXT);
        ContentHash second = store().put(DOCUMENT, TEXT);

        assertThat(second).isEqualTo(first);
        assertThat(store().list(DOCUMENT)).containsExactly(first);
        assertThat(store().read(DOCUMENT, first)).isEqualTo(TEXT);
    }

    @Test
    void oneDocumentHoldsManyContents() {
        ContentHash one = store().put(DOCUMENT, TEXT);
        ContentHash two = store().put(DOCUMENT, "another".getBytes(UTF_8));

        assertThat(store().list(DOCUMENT)).containsExactlyInAnyOrder(one, two);
        store().delete(DOCUMENT, one);
        assertThat(store().list(DOCUMENT)).containsExactly(two);
        assertThat(store().read(DOCUMENT, two)).isEqualTo("another".getBytes(UTF_8));
    }

    @Test
    void contentOfOneDocumentIsNotThereUnderAnother() {
        ContentHash hash = store().put(DOCUMENT, TEXT);

        for (DocumentKey other : new DocumentKey[] {OTHER_DOCUMENT, OTHER_TENANT, OTHER_COLLECTION}) {
            assertThat(store().contains(other, hash)).isFalse();
            assertThat(store().open(other, hash)).isEmpty();
            assertThat(store().list(other)).isEmpty();
            assertGone(other, hash);
        }
    }

    @Test
    void deletingWhatIsNotThereDoesNothing() {
        store().delete(DOCUMENT, ContentHash.of(TEXT));

        assertThat(store().contains(DOCUMENT, ContentHash.of(TEXT))).isFalse();
    }

    @Test
    void erasingADocumentLeavesTheOthers() {
        ContentHash hash = store().put(DOCUMENT, TEXT);
        store().put(OTHER_DOCUMENT, TEXT);
        store().put(OTHER_TENANT, TEXT);

        store().eraseDocument(DOCUMENT);

        assertThat(store().contains(DOCUMENT, hash)).isFalse();
        assertThat(store().list(DOCUMENT)).isEmpty();
        assertGone(DOCUMENT, hash);
        assertThat(store().isErased(DOCUMENT)).isTrue();
        assertThat(store().isErased(OTHER_DOCUMENT)).isFalse();
        assertThat(store().read(OTHER_DOCUMENT, hash)).isEqualTo(TEXT);
        assertThat(store().read(OTHER_TENANT, hash)).isEqualTo(TEXT);
    }

    @Test
    void whatIsPutBesideGoesWithItsDocumentAndNeverBringsItBack() {
        byte[] beside = "a copy of a paragraph".getBytes(UTF_8);
        assertThat(store().putBeside(DOCUMENT, beside)).isEmpty();
        assertThat(store().isErased(DOCUMENT)).isTrue();

        store().put(DOCUMENT, TEXT);
        ContentHash hash = store().putBeside(DOCUMENT, beside).orElseThrow();
        assertThat(hash).isEqualTo(ContentHash.of(beside));
        assertThat(store().read(DOCUMENT, hash)).isEqualTo(beside);

        store().eraseDocument(DOCUMENT);
        assertGone(DOCUMENT, hash);
        assertThat(store().putBeside(DOCUMENT, beside)).isEmpty();
        assertThat(store().isErased(DOCUMENT)).isTrue();
    }

    @Test
    void anErasedDocumentMayComeBack() {
        store().put(DOCUMENT, TEXT);
        store().eraseDocument(DOCUMENT);
        store().eraseDocument(DOCUMENT);

        ContentHash hash = store().put(DOCUMENT, TEXT);

        assertThat(store().read(DOCUMENT, hash)).isEqualTo(TEXT);
        assertThat(store().isErased(DOCUMENT)).isFalse();
    }

    @Test
    void contentThatIsLostIsNotErased() {
        ContentHash hash = store().put(DOCUMENT, TEXT);

        store().delete(DOCUMENT, hash);

        assertGone(DOCUMENT, hash);
        assertThat(store().isErased(DOCUMENT)).isFalse();
    }

    @Test
    void aLargeFileStreamsInAndOut(@TempDir Path folder) throws IOException {
        Path file = folder.resolve("large.bin");
        byte[] block = new byte[1 << 20];
        new Random(42).nextBytes(block);
        try (var out = Files.newOutputStream(file)) {
            for (int i = 0; i < largeMebibytes(); i++) {
                block[0] = (byte) i;
                out.write(block);
            }
        }

        ContentHash hash = store().putFile(DOCUMENT, file);

        try (InputStream opened = store().open(DOCUMENT, hash).orElseThrow();
                DigestInputStream hashed = new DigestInputStream(opened, ContentHash.sha256())) {
            assertThat(hashed.transferTo(java.io.OutputStream.nullOutputStream()))
                    .isEqualTo((long) largeMebibytes() << 20);
            assertThat(HexFormat.of().formatHex(hashed.getMessageDigest().digest()))
                    .isEqualTo(hash.value());
        }
    }

    @Test
    void manyThreadsPutAndReadAtOnce() throws Exception {
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var puts = IntStream.range(0, 200)
                    .mapToObj(i -> threads.submit(() -> {
                        DocumentKey key = DocumentKey.of("acme", "handbook", "doc-" + i % 20);
                        byte[] content = ("content " + i % 50).getBytes(UTF_8);
                        ContentHash hash = store().put(key, content);
                        return java.util.Arrays.equals(store().read(key, hash), content);
                    }))
                    .toList();
            for (Future<Boolean> put : puts) {
                assertThat(put.get()).isTrue();
            }
        }
    }

    /** Size of the large file. */
    protected int largeMebibytes() {
        return 64;
    }

    private void assertGone(DocumentKey key, ContentHash hash) {
        assertThatThrownBy(() -> store().read(key, hash))
                .isInstanceOfSatisfying(
                        PalimpsestException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.CONTENT_GONE));
    }
}
