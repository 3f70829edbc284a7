package io.palimpsest.index.search;

import io.palimpsest.contracts.error.ErrorCode;
import io.palimpsest.contracts.error.PalimpsestException;
import io.palimpsest.contracts.event.Json;
import io.palimpsest.contracts.id.ContentHash;
import io.palimpsest.contracts.id.DocumentKey;
import io.palimpsest.platform.content.ContentStore;
import java.io.UncheckedIOException;

/** Reads what the extraction stored of a document: its extracted form and its passage manifest. */
public final class StoredForm {
    private StoredForm() {}

    /**
     * The form, as JSON of its type.
     *
     * @throws PalimpsestException {@link ErrorCode#CONTENT_DAMAGED} where it is not of this type, and what the store throws
     */
    public static <T> T read(ContentStore store, DocumentKey key, ContentHash hash, Class<T> type) {
        byte[] json = store.read(key, hash);
        try {
            return Json.read(json, type);
        } catch (UncheckedIOException e) {
            throw new PalimpsestException(
                    ErrorCode.CONTENT_DAMAGED, "the stored content " + hash + " is no " + type.getSimpleName(), e);
        }
    }
}
