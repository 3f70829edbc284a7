package io.palimpsest.ingest.source.debezium;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.cloudevents.CloudEvent;
import io.cloudevents.core.builder.CloudEventBuilder;
import io.cloudevents.jackson.JsonCloudEventData;
import io.palimpsest.contracts.error.ErrorCode;
import io.palimpsest.contracts.error.PalimpsestException;
import io.palimpsest.contracts.event.ChangeType;
import io.palimpsest.contracts.id.Position;
import java.net.URI;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What a row's event is to its document: a delete, a whole change, or changes of what was sent of the row. */
final class RowChanges {
    private final TableMapping mapping;
    private final DocumentFields fields;

    /** @param defaultAccess of documents whose mapping names no access */
    RowChanges(TableMapping mapping, List<String> defaultAccess) {
        this.mapping = mapping;
        this.fields = new DocumentFields(mapping, defaultAccess);
    }

    TableMapping mapping() {
        return mapping;
    }

    /**
     * Where an event is in Kafka.
     *
     * @param epoch of the topic's numbering
     */
    record Place(String topic, int partition, long offset, long epoch) {
        /** A tombstone without a value stands for what came before it: after the delete it follows, it says nothing new. */
        Position position(RowEvent event) {
            boolean tombstone = event instanceof RowEvent.Gone gone && gone.isTombstone();
            return new Position(epoch, tombstone ? Math.max(0, offset - 1) : offset);
        }
    }

    /** The document of a row. @throws PalimpsestException ROW_KEY_UNSUITABLE */
    String document(Row key) {
        Set<String> named = mapping.id().columnSet();
        Set<String> present = new HashSet<>(key.columns());
        if (!present.equals(named)) {
            throw new PalimpsestException(
                    ErrorCode.ROW_KEY_UNSUITABLE,
                    "the id names the columns " + String.join(", ", named) + "; the record's key has "
                            + String.join(", ", key.columns()));
        }
        return mapping.id().fill(column -> {
            String value = key.text(column);
            if (value == null) {
                throw new PalimpsestException(ErrorCode.ROW_KEY_UNSUITABLE, "key column " + column + " is NULL");
            }
            return value;
        });
    }

    /** @throws PalimpsestException where the row has not what the mapping needs */
    List<CloudEvent> of(RowEvent event, Place place) {
        return switch (event) {
            case RowEvent.Truncated truncated ->
                throw new PalimpsestException(
                        ErrorCode.ROW_TABLE_TRUNCATED, "the table was truncated: its documents stay as they are");
            case RowEvent.Gone gone ->
                List.of(event(ChangeType.DELETED, gone.key(), gone.origin(), place.position(event), place, null));
            case RowEvent.Present present -> present(present, place);
        };
    }

    private List<CloudEvent> present(RowEvent.Present present, Place place) {
        Position at = place.position(present);
        RowEvent.Origin origin = present.origin();
        RowView row = new RowView(present.after(), present.before());
        String content = mapping.content().column();
        if (row.isUnavailable(content)) {
            if (present.isNew()) {
                throw row.unavailable(content);
            }
            return partial(present, row, at, place);
        }
        row.require(content);
        if (row.isNull(content)) {
            return List.of(event(ChangeType.DELETED, present.key(), origin, at, place, null));
        }
        ChangeType type = present.isNew() ? ChangeType.CREATED : ChangeType.UPDATED;
        return List.of(event(type, present.key(), origin, at, place, fields.whole(row)));
    }

    /** The content is as it was; what else the mapping names may not be. */
    private List<CloudEvent> partial(RowEvent.Present present, RowView row, Position at, Place place) {
        List<CloudEvent> events = new ArrayList<>();
        ObjectNode named = fields.names(row);
        if (!named.isEmpty()) {
            events.add(event(ChangeType.MOVED, present.key(), present.origin(), at, place, named));
        }
        if (fields.hasAccess()) {
            events.add(
                    event(ChangeType.ACCESS_CHANGED, present.key(), present.origin(), at, place, fields.access(row)));
        }
        return events;
    }

    private CloudEvent event(
            ChangeType type, Row key, RowEvent.Origin origin, Position at, Place place, @Nullable ObjectNode data) {
        String id = origin.coordinates() == null
                ? place.topic() + "/" + place.epoch() + "/" + place.partition() + "/" + place.offset()
                : origin.coordinates();
        CloudEventBuilder builder = CloudEventBuilder.v1()
                .withId(isPartial(type) ? id + "/" + type.name() : id)
                .withSource(URI.create(mapping.source()))
                .withType(type.id())
                .withSubject(document(key))
                // Integers of CloudEvents have 32 bits
                .withExtension("epoch", Long.toString(at.epoch()))
                .withExtension("sequence", Long.toString(at.sequence()));
        mapping.collection().ifPresent(collection -> builder.withExtension("collection", collection));
        if (origin.time() != null) {
            builder.withTime(origin.time().atOffset(ZoneOffset.UTC));
        }
        return builder.withData(
                        "application/json",
                        JsonCloudEventData.wrap(data == null ? JsonNodeFactory.instance.objectNode() : data))
                .build();
    }

    private static boolean isPartial(ChangeType type) {
        return type == ChangeType.MOVED || type == ChangeType.ACCESS_CHANGED;
    }
}
