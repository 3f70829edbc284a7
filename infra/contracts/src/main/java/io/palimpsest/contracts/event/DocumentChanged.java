package io.palimpsest.contracts.event;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.palimpsest.contracts.id.ChangeId;
import io.palimpsest.contracts.id.DocumentKey;
import io.palimpsest.contracts.id.Position;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Hop 1: a change as the intake took it from a source, validated, its inline content already in the content store.
 *
 * @param source for deletes also {@link #UNNAMED_SOURCE}
 * @param position null: the source does not number its changes; they are ordered by arrival at the gate
 * @param content null unless {@link ChangeType#carriesContent()}
 * @param time when it happened, as the source says
 * @param receivedAt when the intake took it: event-to-searchable lag counts from here
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record DocumentChanged(
        ChangeId changeId,
        DocumentKey key,
        String source,
        String eventId,
        ChangeType type,
        @Nullable Position position,
        @Nullable ContentReference content,
        DocumentProperties properties,
        @Nullable Instant time,
        Instant receivedAt) {
    /** Of a delete whose record names no source; it is the source's that owns the document when the delete comes to the gate. */
    public static final String UNNAMED_SOURCE = "/kafka/inbox";

    /** How the event ids of deletes begin that erasures send. */
    public static final String ERASURE = "erasure:";

    public DocumentChanged {
        Objects.requireNonNull(changeId, "changeId");
        Objects.requireNonNull(key, "key");
        Objects.requireNonNull(source, "source");
        Objects.requireNonNull(eventId, "eventId");
        Objects.requireNonNull(type, "type");
        Objects.requireNonNull(properties, "properties");
        Objects.requireNonNull(receivedAt, "receivedAt");
    }

    /** The delete that an erasure sends. */
    public static DocumentChanged ofErasure(String erasureId, DocumentKey document, Instant at) {
        return new DocumentChanged(
                idOfErasure(erasureId, document),
                document,
                UNNAMED_SOURCE,
                ERASURE + erasureId,
                ChangeType.DELETED,
                null,
                null,
                DocumentProperties.NONE,
                null,
                at);
    }

    /** Of the delete that an erasure sends. */
    public static ChangeId idOfErasure(String erasureId, DocumentKey document) {
        return ChangeId.of(document, UNNAMED_SOURCE, ERASURE + erasureId);
    }

    public boolean namesNoSource() {
        return type == ChangeType.DELETED && source.equals(UNNAMED_SOURCE);
    }

    public DocumentChanged from(String named) {
        return new DocumentChanged(
                changeId, key, named, eventId, type, position, content, properties, time, receivedAt);
    }
}
