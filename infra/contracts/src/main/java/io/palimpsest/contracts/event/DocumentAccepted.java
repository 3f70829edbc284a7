package io.palimpsest.contracts.event;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.palimpsest.contracts.id.ChangeId;
import io.palimpsest.contracts.id.DocumentKey;
import io.palimpsest.contracts.id.Position;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Hop 2: a change that the gate let through, with the document's whole state after it. Downstream only the one with the
 * highest {@code version} matters.
 *
 * @param version 1 for the document's first accepted change, then 2, 3, ...: total order per document; never restarts
 * @param position the change's own, or the one given to it by order of arrival
 * @param contentVersion version of the accepted change that {@code content} came with; 0 when there is no content
 * @param content what the document's content is now; null when deleted or when no content has arrived yet
 * @param properties merged state of all properties; access is resolved (never null) once content has arrived
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record DocumentAccepted(
        DocumentKey key,
        long version,
        ChangeId changeId,
        String source,
        Position position,
        Effect effect,
        long contentVersion,
        @Nullable ContentReference content,
        DocumentProperties properties,
        Instant receivedAt,
        Instant acceptedAt) {
    public DocumentAccepted {
        Objects.requireNonNull(key, "key");
        Objects.requireNonNull(changeId, "changeId");
        Objects.requireNonNull(source, "source");
        Objects.requireNonNull(position, "position");
        Objects.requireNonNull(effect, "effect");
        Objects.requireNonNull(properties, "properties");
        Objects.requireNonNull(receivedAt, "receivedAt");
        Objects.requireNonNull(acceptedAt, "acceptedAt");
    }

    /** What the rest of the flow has to do. */
    public enum Effect {
        /** New content: fetch, extract, revise, index. Stored content equal to the present one is not new. */
        CONTENT,
        /** Location, access, labels: revise and index, embed nothing. */
        PROPERTIES,
        /** The document is gone, and nothing newer is known of it. */
        DELETE
    }
}
