package io.palimpsest.platform.content;

import io.palimpsest.contracts.error.ErrorCode;
import io.palimpsest.contracts.error.PalimpsestException;
import io.palimpsest.contracts.id.ContentHash;
import io.palimpsest.contracts.id.DocumentKey;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** {@link ContentStore} for tests of what stands on it. */
public final class InMemoryContentStore implements ContentStore {
    private final Map<DocumentKey, Map<ContentHash, byte[]>> documents = new ConcurrentHashMap<>();

    @Override
    public ContentHash put(DocumentKey key, byte[] content) {
        ContentHash hash = ContentHash.of(content);
        documents.computeIfAbsent(key, k -> new ConcurrentHashMap<>()).put(hash, content.clone());
        return hash;
    }

    @Override
    public Optional<ContentHash> putBeside(DocumentKey key, byte[] content) {
        ContentHash hash = ContentHash.of(content);
        return Optional.ofNullable(documents.computeIfPresent(key, (same, contents) -> {
                    contents.put(hash, content.clone());
                    return contents;
                }))
                .map(kept -> hash);
    }

    @Override
    public ContentHash putFile(DocumentKey key, Path file) {
        try {
            return put(key, Files.readAllBytes(file));
        } catch (IOException e) {
            throw new PalimpsestException(ErrorCode.STORE_FAILED, "the file to store cannot be read", e);
        }
    }

    @Override
    public byte[] read(DocumentKey key, ContentHash hash) {
        byte[] content = of(key).get(hash);
        if (content == null) {
            throw new PalimpsestException(ErrorCode.CONTENT_GONE, "document " + key.hash() + " has no content " + hash);
        }
        return content.clone();
    }

    @Override
    public Optional<InputStream> open(DocumentKey key, ContentHash hash) {
        return Optional.ofNullable(of(key).get(hash)).map(ByteArrayInputStream::new);
    }

    @Override
    public boolean contains(DocumentKey key, ContentHash hash) {
        return of(key).containsKey(hash);
    }

    @Override
    public Set<ContentHash> list(DocumentKey key) {
        return Set.copyOf(of(key).keySet());
    }

    @Override
    public void delete(DocumentKey key, ContentHash hash) {
        of(key).remove(hash);
    }

    @Override
    public boolean isErased(DocumentKey key) {
        return !documents.containsKey(key);
    }

    @Override
    public void eraseDocument(DocumentKey key) {
        documents.remove(key);
    }

    private Map<ContentHash, byte[]> of(DocumentKey key) {
        Map<ContentHash, byte[]> contents = documents.get(key);
        return contents == null ? new ConcurrentHashMap<>() : contents;
    }
}
