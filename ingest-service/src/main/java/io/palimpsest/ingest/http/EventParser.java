package io.palimpsest.ingest.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.cloudevents.CloudEvent;
import io.cloudevents.core.format.EventDeserializationException;
import io.cloudevents.http.HttpMessageFactory;
import io.cloudevents.jackson.JsonFormat;
import io.palimpsest.ingest.intake.ForeignEvents;
import io.palimpsest.ingest.intake.Utf8;
import java.util.Map;

/** Reads CloudEvents as HTTP carries them. Threading: safe. Failure: EVENT_MALFORMED, UTF8_INVALID. */
final class EventParser {
    private final JsonFormat json = new JsonFormat();
    private final ObjectMapper trees = new ObjectMapper().registerModule(JsonFormat.getCloudEventJacksonModule());

    /** Structured or binary mode, as the headers say. */
    CloudEvent parse(Map<String, String> headers, byte[] body) {
        String type = headers.getOrDefault("Content-Type", headers.getOrDefault("content-type", ""));
        if (type.startsWith("application/cloudevents")) {
            Utf8.check(body, "the event");
        }
        return ForeignEvents.read(
                () -> HttpMessageFactory.createReader(headers, body).toEvent());
    }

    /** One event in the JSON format. */
    CloudEvent parseJson(byte[] event) {
        Utf8.check(event, "the event");
        return ForeignEvents.read(() -> json.deserialize(event));
    }

    /** One event of a batch in the JSON format, which was valid UTF-8. */
    CloudEvent parseTree(JsonNode event) {
        return ForeignEvents.read(() -> {
            try {
                return trees.treeToValue(event, CloudEvent.class);
            } catch (JsonProcessingException e) {
                throw new EventDeserializationException(e);
            }
        });
    }
}
