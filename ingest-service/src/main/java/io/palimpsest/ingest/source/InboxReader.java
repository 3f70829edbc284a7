package io.palimpsest.ingest.source;

import io.cloudevents.CloudEvent;
import io.cloudevents.core.builder.CloudEventBuilder;
import io.cloudevents.kafka.KafkaMessageFactory;
import io.palimpsest.contracts.error.ErrorCode;
import io.palimpsest.contracts.error.PalimpsestException;
import io.palimpsest.contracts.event.ChangeType;
import io.palimpsest.contracts.event.DocumentChanged;
import io.palimpsest.contracts.id.DocumentId;
import io.palimpsest.contracts.topic.EventHeaders;
import io.palimpsest.ingest.intake.ForeignEvents;
import io.palimpsest.ingest.intake.Utf8;
import java.net.URI;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Headers;

/** Reads records of the inbox as CloudEvents; a record without a value deletes the document that its key names. */
final class InboxReader {
    private static final List<String> ATTRIBUTES =
            List.of("id", "source", "type", "subject", "collection", "epoch", "sequence");
    private static final List<String> EXTENSIONS = List.of("collection", "epoch", "sequence");
    /** No document id is cut: an erasure has to find it. */
    private static final int MAX_ATTRIBUTE = DocumentId.MAX_BYTES;

    private InboxReader() {}

    static CloudEvent read(ConsumerRecord<byte[], byte[]> record) {
        if (record.value() == null) {
            return delete(record);
        }
        String type = EventHeaders.get(record.headers(), "content-type").orElse("");
        if (type.startsWith("application/cloudevents")) {
            Utf8.require(record.value(), "the event");
        }
        return ForeignEvents.read(() -> KafkaMessageFactory.createReader(record).toEvent());
    }

    /** Attributes that can be read, for the dead letter. */
    static Map<String, String> attributes(Headers headers) {
        Map<String, String> attributes = new HashMap<>();
        for (String name : ATTRIBUTES) {
            EventHeaders.get(headers, "ce_" + name).ifPresent(value -> attributes.put(name, cut(value)));
        }
        return attributes;
    }

    static Map<String, String> attributes(CloudEvent event) {
        Map<String, String> attributes = new HashMap<>();
        for (String name : event.getAttributeNames()) {
            Object value = event.getAttribute(name);
            if (value != null) {
                attributes.put(name, cut(value.toString()));
            }
        }
        for (String name : EXTENSIONS) {
            Object value = event.getExtension(name);
            if (value != null) {
                attributes.put(name, cut(value.toString()));
            }
        }
        return attributes;
    }

    private static CloudEvent delete(ConsumerRecord<byte[], byte[]> record) {
        if (record.key() == null) {
            throw new PalimpsestException(
                    ErrorCode.EVENT_MALFORMED, "a record without a value needs the document's id as its key");
        }
        String document = Utf8.require(record.key(), "the key");
        String source = EventHeaders.get(record.headers(), "ce_source").orElse(DocumentChanged.UNNAMED_SOURCE);
        CloudEventBuilder builder = CloudEventBuilder.v1()
                .withId(EventHeaders.get(record.headers(), "ce_id")
                        .orElse(record.topic() + "/" + record.partition() + "/" + record.offset()))
                .withSource(source(source))
                .withType(ChangeType.DELETED.id())
                .withSubject(document);
        for (String name : EXTENSIONS) {
            EventHeaders.get(record.headers(), "ce_" + name).ifPresent(value -> builder.withExtension(name, value));
        }
        return builder.build();
    }

    private static URI source(String text) {
        try {
            return URI.create(text);
        } catch (IllegalArgumentException e) {
            throw new PalimpsestException(ErrorCode.EVENT_MALFORMED, "the event's source is not a URI reference", e);
        }
    }

    private static String cut(String value) {
        return value.length() <= MAX_ATTRIBUTE ? value : value.substring(0, MAX_ATTRIBUTE);
    }
}
