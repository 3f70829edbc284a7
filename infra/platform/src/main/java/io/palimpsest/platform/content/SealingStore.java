package io.palimpsest.platform.content;

import com.google.crypto.tink.StreamingAead;
import io.palimpsest.contracts.error.ErrorCode;
import io.palimpsest.contracts.error.PalimpsestException;
import io.palimpsest.contracts.id.ContentHash;
import io.palimpsest.contracts.id.DocumentKey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** A {@link ContentStore} that seals what it is given with the document's key; where the sealed bytes go is another's. */
abstract class SealingStore implements ContentStore {
    final DocumentKeys keys;

    SealingStore(DocumentKeys keys) {
        this.keys = keys;
    }

    /** Nothing is written where it is there already, whole. */
    abstract ContentHash put(StreamingAead own, DocumentKey key, ContentHash hash, Seal.Content content);

    @Override
    public final ContentHash put(DocumentKey key, byte[] content) {
        return put(keys.findOrCreate(key), key, ContentHash.of(content), Seal.Content.of(content));
    }

    @Override
    public final Optional<ContentHash> putBeside(DocumentKey key, byte[] content) {
        return keys.find(key).map(own -> put(own, key, ContentHash.of(content), Seal.Content.of(content)));
    }

    @Override
    public final ContentHash putFile(DocumentKey key, Path file) {
        try {
            return put(keys.findOrCreate(key), key, Seal.hashOf(file), Seal.Content.of(file, Files.size(file)));
        } catch (IOException e) {
            throw failed("the file to store cannot be read", key, e);
        }
    }

    @Override
    public final boolean isErased(DocumentKey key) {
        return keys.find(key).isEmpty();
    }

    static PalimpsestException failed(String what, DocumentKey key, IOException e) {
        return new PalimpsestException(ErrorCode.STORE_FAILED, "document " + key.hash() + ": " + what, e);
    }
}
