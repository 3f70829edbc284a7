package io.palimpsest.platform.content;

import io.palimpsest.contracts.error.ErrorCode;
import io.palimpsest.contracts.error.PalimpsestException;
import io.palimpsest.contracts.id.ContentHash;
import io.palimpsest.contracts.id.DocumentKey;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;

/**
 * Bytes of documents, addressed by document and SHA-256. Each document has a key of its own: content put under one is
 * not there under another, and erasing the key erases every copy.
 *
 * <p>Threading: safe. Ordering and idempotency: putting the same bytes again changes nothing, and repairs a damaged
 * copy; what {@code put} returned is readable at once, by a new process too. Failure: {@link ErrorCode#STORE_FAILED},
 * where stored bytes are damaged too.
 */
public interface ContentStore {
    ContentHash put(DocumentKey key, byte[] content);

    /**
     * The same for what belongs to a document and must go with it: never makes a key. Empty where the document has none: it was
     * erased, or never had content here.
     */
    Optional<ContentHash> putBeside(DocumentKey key, byte[] content);

    /** Streams a file in; it is never held in memory. */
    ContentHash putFile(DocumentKey key, Path file);

    /** @throws io.palimpsest.contracts.error.PalimpsestException {@link ErrorCode#CONTENT_GONE} where it is not */
    default byte[] read(DocumentKey key, ContentHash hash) {
        try (InputStream in = open(key, hash)
                .orElseThrow(() -> new PalimpsestException(
                        ErrorCode.CONTENT_GONE, "document " + key.hash() + " has no content " + hash))) {
            return in.readAllBytes();
        } catch (IOException e) {
            throw new PalimpsestException(
                    ErrorCode.STORE_FAILED, "document " + key.hash() + ": content " + hash + " cannot be read", e);
        }
    }

    /**
     * Streams it out; empty where it is not there. The end of the stream is reached only when every byte was right;
     * reading damaged content fails with {@link ErrorCode#CONTENT_DAMAGED}.
     */
    Optional<InputStream> open(DocumentKey key, ContentHash hash);

    boolean contains(DocumentKey key, ContentHash hash);

    /** Whether every byte of it is there and right; reads all of it. */
    default boolean isIntact(DocumentKey key, ContentHash hash) {
        try (InputStream content = open(key, hash).orElse(null)) {
            if (content == null) {
                return false;
            }
            content.transferTo(OutputStream.nullOutputStream());
            return true;
        } catch (IOException e) {
            throw new PalimpsestException(ErrorCode.STORE_FAILED, "content " + hash + " cannot be read", e);
        } catch (PalimpsestException e) {
            if (e.code() == ErrorCode.CONTENT_DAMAGED) {
                return false;
            }
            throw e;
        }
    }

    /** What is stored under the document. */
    Set<ContentHash> list(DocumentKey key);

    /** Nothing happens where there is none. */
    void delete(DocumentKey key, ContentHash hash);

    /** Whether the document has no key: it was erased, or never had content here. */
    boolean isErased(DocumentKey key);

    /** Destroys the document's key, and with it all its content, in every copy of this store. */
    void eraseDocument(DocumentKey key);
}
