package io.palimpsest.contracts.event;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.palimpsest.contracts.id.ContentHash;
import java.net.URI;
import org.jspecify.annotations.Nullable;

/**
 * Where a change's content is: already in the content store under its document (inline content is stored at intake), or
 * behind a URI to fetch. Exactly one of the two.
 *
 * @param stored SHA-256 of the raw bytes in the content store; null for a URI
 * @param bytes size of the stored bytes; -1 when unknown (URI)
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record ContentReference(
        @Nullable ContentHash stored, long bytes, @Nullable URI uri) {
    public ContentReference {
        if ((stored == null) == (uri == null)) {
            throw new IllegalArgumentException("a content reference is either stored or a URI");
        }
    }

    public static ContentReference stored(ContentHash hash, long bytes) {
        return new ContentReference(hash, bytes, null);
    }

    public static ContentReference at(URI uri) {
        return new ContentReference(null, -1, uri);
    }
}
