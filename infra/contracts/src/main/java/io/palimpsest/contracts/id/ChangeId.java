package io.palimpsest.contracts.id;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;

/**
 * Idempotency key of a change and the caller's receipt: derived from document, source and event id, safe in a URL path.
 * By CloudEvents source and id alone name an event; the document counts too, or a source that numbers per document would
 * lose all changes but the first.
 */
public record ChangeId(@JsonValue String value) {
    @JsonCreator
    public ChangeId {
        if (value.isBlank()) {
            throw new IllegalArgumentException("a ChangeId must not be blank");
        }
    }

    public static ChangeId of(DocumentKey document, String source, String eventId) {
        return of(
                document.tenant(),
                document.collection().value(),
                document.document().value(),
                source,
                eventId);
    }

    /**
     * Also of an event that names no valid document. 32 hex digits: the first half of the SHA-256 of the five texts, each
     * as {@code LENGTH:TEXT} with its length in UTF-16 units, in UTF-8.
     */
    public static ChangeId of(TenantId tenant, String collection, String document, String source, String eventId) {
        StringBuilder all = new StringBuilder();
        for (String part : new String[] {tenant.value(), collection, document, source, eventId}) {
            all.append(part.length()).append(':').append(part);
        }
        return new ChangeId(ContentHash.ofText(all.toString()).value().substring(0, 32));
    }

    @Override
    public String toString() {
        return value;
    }
}
