package io.palimpsest.platform.erasure;

import io.palimpsest.contracts.id.ContentHash;
import io.palimpsest.contracts.id.DocumentKey;
import io.palimpsest.platform.content.ContentStore;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/**
 * Keeps nothing of suppressed documents: whatever is put while a document is being erased, or after, is erased again before the call
 * ends with {@code DOCUMENT_SUPPRESSED}. Asked afterwards: so a put either ends before the suppression, and the erasure finds it, or
 * sees it.
 */
public final class SuppressingContentStore implements ContentStore {
    private final ContentStore inner;
    private final Suppressions suppressions;

    public SuppressingContentStore(ContentStore inner, Suppressions suppressions) {
        this.inner = inner;
        this.suppressions = suppressions;
    }

    @Override
    public ContentHash put(DocumentKey key, byte[] content) {
        return kept(key, () -> inner.put(key, content));
    }

    @Override
    public Optional<ContentHash> putBeside(DocumentKey key, byte[] content) {
        return kept(key, () -> inner.putBeside(key, content));
    }

    @Override
    public ContentHash putFile(DocumentKey key, Path file) {
        return kept(key, () -> inner.putFile(key, file));
    }

    private <T> T kept(DocumentKey key, Supplier<T> put) {
        T result = put.get();
        if (suppressions.holds(key)) {
            inner.eraseDocument(key);
            suppressions.requireNone(key);
        }
        return result;
    }

    @Override
    public Optional<InputStream> open(DocumentKey key, ContentHash hash) {
        return inner.open(key, hash);
    }

    @Override
    public boolean contains(DocumentKey key, ContentHash hash) {
        return inner.contains(key, hash);
    }

    @Override
    public boolean isIntact(DocumentKey key, ContentHash hash) {
        return inner.isIntact(key, hash);
    }

    @Override
    public Set<ContentHash> list(DocumentKey key) {
        return inner.list(key);
    }

    @Override
    public void delete(DocumentKey key, ContentHash hash) {
        inner.delete(key, hash);
    }

    @Override
    public boolean isErased(DocumentKey key) {
        return inner.isErased(key);
    }

    @Override
    public void eraseDocument(DocumentKey key) {
        inner.eraseDocument(key);
    }
}
