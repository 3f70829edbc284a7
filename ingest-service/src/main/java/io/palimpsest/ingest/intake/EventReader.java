package io.palimpsest.ingest.intake;

import static io.palimpsest.contracts.error.ErrorCode.EVENT_MALFORMED;

import io.cloudevents.CloudEvent;
import io.palimpsest.contracts.error.ErrorCode;
import io.palimpsest.contracts.error.PalimpsestException;
import io.palimpsest.contracts.event.ChangeType;
import io.palimpsest.contracts.id.ChangeId;
import io.palimpsest.contracts.id.CollectionKey;
import io.palimpsest.contracts.id.DocumentKey;
import io.palimpsest.contracts.id.Position;
import io.palimpsest.platform.security.Caller;
import java.time.OffsetDateTime;
import java.util.Arrays;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Reads a CloudEvent into an {@link IncomingChange}, or says what is wrong with it. */
final class EventReader {
    private static final int MAX_SOURCE = 1024; // arbitrary: keys and rows stay small
    private static final int MAX_ID = 1024;

    private final CollectionRegistry collections;
    private final String defaultCollection;
    private final EventData data;

    EventReader(CollectionRegistry collections, String defaultCollection, long maxInlineBytes) {
        this.collections = collections;
        this.defaultCollection = defaultCollection;
        this.data = new EventData(maxInlineBytes);
    }

    IncomingChange read(Caller caller, CloudEvent event) {
        String source = required(
                "source", event.getSource() == null ? null : event.getSource().toString(), MAX_SOURCE);
        String eventId = required("id", event.getId(), MAX_ID);
        ChangeType type = ChangeType.of(required("type", event.getType(), MAX_ID))
                .orElseThrow(() -> new PalimpsestException(
                        ErrorCode.EVENT_TYPE_UNKNOWN,
                        "the event's type is none of "
                                + Arrays.stream(ChangeType.values())
                                        .map(ChangeType::id)
                                        .collect(Collectors.joining(", "))));
        CollectionKey collection = collections.require(caller, collection(caller, event));
        DocumentKey key = key(collection, event.getSubject());
        EventData.Parts parts = data.read(type, event);
        OffsetDateTime time = event.getTime();
        return new IncomingChange(
                key,
                source,
                eventId,
                type,
                position(event),
                parts.content(),
                parts.properties(),
                time == null ? null : time.toInstant());
    }

    /** Of a change that {@link #read} refuses too. */
    ChangeId changeId(Caller caller, CloudEvent event) {
        String subject = event.getSubject() == null ? "" : event.getSubject();
        return ChangeId.of(
                caller.tenant(),
                collection(caller, event),
                subject,
                event.getSource().toString(),
                event.getId());
    }

    /** A caller with one collection need not name it. */
    private String collection(Caller caller, CloudEvent event) {
        Object named = event.getExtension("collection");
        if (named != null) {
            return named.toString();
        }
        return caller.collections().size() == 1 && !caller.everyCollection()
                ? caller.collections().iterator().next().value()
                : defaultCollection;
    }

    private static DocumentKey key(CollectionKey collection, @Nullable String subject) {
        if (subject == null || subject.isBlank()) {
            throw new PalimpsestException(EVENT_MALFORMED, "the event has no subject: it names the document");
        }
        try {
            return DocumentKey.of(collection, subject);
        } catch (IllegalArgumentException e) {
            throw new PalimpsestException(EVENT_MALFORMED, "subject: " + e.getMessage(), e);
        }
    }

    private static @Nullable Position position(CloudEvent event) {
        Long epoch = number(event, "epoch", Position.MAX_EPOCH);
        Long sequence = number(event, "sequence", Long.MAX_VALUE);
        if (sequence == null) {
            if (epoch != null) {
                throw new PalimpsestException(EVENT_MALFORMED, "the event has an epoch but no sequence");
            }
            return null;
        }
        return new Position(epoch == null ? 0 : epoch, sequence);
    }

    /** Integers of CloudEvents have 32 bits: larger ones come as text. */
    private static @Nullable Long number(CloudEvent event, String name, long max) {
        Object value = event.getExtension(name);
        if (value == null) {
            return null;
        }
        try {
            long number = Long.parseLong(value.toString().strip());
            if (number >= 0 && number <= max) {
                return number;
            }
        } catch (NumberFormatException e) {
            // said below
        }
        throw new PalimpsestException(EVENT_MALFORMED, name + " must be a whole number from 0 to " + max);
    }

    private static String required(String name, @Nullable String value, int maxLength) {
        if (value == null || value.isBlank()) {
            throw new PalimpsestException(EVENT_MALFORMED, "the event has no " + name);
        }
        if (value.length() > maxLength) {
            throw new PalimpsestException(
                    EVENT_MALFORMED, name + " has " + value.length() + " characters, at most " + maxLength);
        }
        return value;
    }
}
