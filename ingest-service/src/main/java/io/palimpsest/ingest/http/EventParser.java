package io.palimpsest.ingest.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.cloudevents.CloudEvent;
import io.cloudevents.core.format.EventDeserializationException;
import io.cloudevents.http.HttpMessageFactory;
import io.cloudevents.jackson.JsonFormat;
import io.cloudevents.rw.CloudEventRWException;
import io.palimpsest.contracts.error.ErrorCode;
import io.palimpsest.contracts.error.PalimpsestException;
import io.palimpsest.ingest.intake.Utf8;
import java.util.Locale;
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
        try {
            return HttpMessageFactory.createReader(headers, body).toEvent();
        } catch (CloudEventRWException
                | EventDeserializationException
                | IllegalArgumentException
                | IllegalStateException e) {
            throw malformed(e);
        }
    }

    /** One event in the JSON format. */
    CloudEvent parseJson(byte[] event) {
        Utf8.check(event, "the event");
        try {
            return json.deserialize(event);
        } catch (CloudEventRWException
                | EventDeserializationException
                | IllegalArgumentException
                | IllegalStateException e) {
            throw malformed(e);
        }
    }

    /** One event of a batch in the JSON format, which was valid UTF-8. */
    CloudEvent parseTree(JsonNode event) {
        try {
            CloudEvent read = trees.treeToValue(event, CloudEvent.class);
            if (read == null) { // JSON's null
                throw malformed(new IllegalArgumentException("no event"));
            }
            return read;
        } catch (JsonProcessingException e) {
            throw malformed(new EventDeserializationException(e));
        } catch (CloudEventRWException | IllegalArgumentException | IllegalStateException e) {
            throw malformed(e);
        }
    }

    private static PalimpsestException malformed(RuntimeException e) {
        // The library's messages may quote the event: only its kind of failure is passed on.
        String kind = e instanceof CloudEventRWException known
                ? known.getKind().name().toLowerCase(Locale.ROOT).replace('_', ' ')
                : "not an event";
        return new PalimpsestException(ErrorCode.EVENT_MALFORMED, "the CloudEvent cannot be read: " + kind, e);
    }
}
