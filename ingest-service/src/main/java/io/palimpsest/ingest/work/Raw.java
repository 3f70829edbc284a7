package io.palimpsest.ingest.work;

import io.palimpsest.contracts.event.DocumentAccepted;
import io.palimpsest.contracts.id.ContentHash;
import java.net.URI;
import org.jspecify.annotations.Nullable;

/**
 * The bytes of a document as they are known before parsing.
 *
 * @param contentType a hint, null where nobody said
 * @param fileName a hint too
 */
record Raw(
        ContentHash hash,
        long bytes,
        @Nullable String contentType,
        @Nullable String fileName) {

    /** As given with the change, else the last part of the address, else of the document's id. */
    static @Nullable String fileName(DocumentAccepted work, @Nullable URI address) {
        if (work.properties().fileName() != null) {
            return work.properties().fileName();
        }
        String fetched = address == null || address.getPath() == null ? null : lastPart(address.getPath());
        return fetched != null
                ? fetched
                : lastPart(work.key().document().value().split("[?#]", 2)[0]);
    }

    private static @Nullable String lastPart(String path) {
        String last = path.substring(path.lastIndexOf('/') + 1);
        return last.contains(".") ? last : null;
    }
}
