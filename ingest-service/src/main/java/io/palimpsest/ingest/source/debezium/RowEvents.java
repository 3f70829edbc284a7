package io.palimpsest.ingest.source.debezium;

import static io.palimpsest.contracts.error.ErrorCode.ROW_EVENT_MALFORMED;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.palimpsest.contracts.error.ErrorCode;
import io.palimpsest.contracts.error.PalimpsestException;
import io.palimpsest.ingest.intake.Utf8;
import java.io.IOException;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Reads records as Kafka Connect's JSON converter writes Debezium's change events, key and value each with or without
 * schema. Failure: ROW_EVENT_MALFORMED, UTF8_INVALID, ROW_KEY_UNSUITABLE; never with content.
 */
final class RowEvents {
    /** Larger than any inline content, in base64: the intake has the say on what is too large. */
    private static final int MAX_STRING = 1 << 29;

    private static final ObjectMapper JSON = JsonMapper.builder(JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxStringLength(MAX_STRING)
                            .build())
                    .build())
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS) // digits as they are
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private RowEvents() {}

    /** What a converter wrote: the value, and its schema where it came with one. */
    private record Converted(JsonNode payload, @Nullable JsonNode schema) {
        Row row(TableMapping mapping) {
            return new Row(payload, schema, mapping.types());
        }

        Row row(String field, TableMapping mapping) {
            return new Row(payload.path(field), fieldSchema(field), mapping.types());
        }

        private @Nullable JsonNode fieldSchema(String field) {
            if (schema != null) {
                for (JsonNode each : schema.path("fields")) {
                    if (each.path("field").asText().equals(field)) {
                        return each;
                    }
                }
            }
            return null;
        }
    }

    static RowEvent read(TableMapping mapping, byte @Nullable [] key, byte @Nullable [] value) {
        Converted converted = value == null ? null : converted(value, "the value");
        if (converted == null || converted.payload().isNull()) {
            return new RowEvent.Gone(key(mapping, key), true, RowEvent.Origin.UNKNOWN);
        }
        if (!converted.payload().isObject()) {
            throw malformed("the value is no object");
        }
        return switch (mapping.format()) {
            case ENVELOPE -> envelope(mapping, key, converted);
            case FLATTENED -> flattened(mapping, key, converted);
        };
    }

    private static RowEvent envelope(TableMapping mapping, byte @Nullable [] key, Converted value) {
        JsonNode payload = value.payload();
        if (!isEnvelope(payload)) {
            throw malformed("the value has no op and source: it is no change event, or a flattened one");
        }
        String op = payload.path("op").asText();
        RowEvent.Origin origin = Origins.of(op, payload.path("source"));
        return switch (op) {
            case "c", "u", "r" -> {
                if (!payload.path("after").isObject()) {
                    throw malformed("a change event with op " + op + " has no row after it");
                }
                Row before = payload.path("before").isObject() ? value.row("before", mapping) : null;
                yield new RowEvent.Present(
                        key(mapping, key), before, value.row("after", mapping), !op.equals("u"), origin);
            }
            case "d" -> new RowEvent.Gone(key(mapping, key), false, origin);
            case "t" -> new RowEvent.Truncated();
            default -> throw malformed("the op is none of c, u, r, d and t");
        };
    }

    private static RowEvent flattened(TableMapping mapping, byte @Nullable [] key, Converted value) {
        JsonNode payload = value.payload();
        if (isEnvelope(payload) && (payload.has("after") || payload.has("before"))) {
            throw malformed("the value is a whole change event, and the mapping says that it is flattened");
        }
        String op = payload.path("__op").asText("");
        if (op.equals("t")) {
            return new RowEvent.Truncated();
        }
        if (op.equals("d") || payload.path("__deleted").asText("").equals("true")) {
            return new RowEvent.Gone(key(mapping, key), false, RowEvent.Origin.UNKNOWN);
        }
        return new RowEvent.Present(
                key(mapping, key), null, value.row(mapping), !op.equals("u"), RowEvent.Origin.UNKNOWN);
    }

    private static boolean isEnvelope(JsonNode payload) {
        return payload.path("op").isTextual() && payload.path("source").isObject();
    }

    private static Row key(TableMapping mapping, byte @Nullable [] bytes) {
        Converted key = bytes == null ? null : converted(bytes, "the key");
        if (key == null || !key.payload().isObject()) {
            throw new PalimpsestException(
                    ErrorCode.ROW_KEY_UNSUITABLE,
                    "the record's key is no object of columns: the table needs a primary key, or the connector"
                            + " message.key.columns");
        }
        return key.row(mapping);
    }

    private static Converted converted(byte[] bytes, String what) {
        JsonNode json;
        try {
            json = JSON.readTree(Utf8.require(bytes, what));
        } catch (IOException e) {
            throw new PalimpsestException(ROW_EVENT_MALFORMED, what + " is not JSON"); // the cause quotes it
        }
        boolean wrapped = json.isObject()
                && json.size() == 2
                && json.has("payload")
                && (json.path("schema").isNull()
                        || json.path("schema").path("type").isTextual());
        if (wrapped) {
            return new Converted(json.path("payload"), json.path("schema"));
        }
        if (json.isMissingNode()) {
            throw malformed(what + " is empty");
        }
        return new Converted(json, null);
    }

    /** @throws PalimpsestException ROW_COLUMN_INVALID where the text is no JSON array */
    static JsonNode array(String text, String column) {
        try {
            JsonNode array = JSON.readTree(text);
            if (array.isArray()) {
                return array;
            }
        } catch (IOException e) {
            // said below, without the text
        }
        throw new PalimpsestException(ErrorCode.ROW_COLUMN_INVALID, "column " + column + " is not a JSON array");
    }

    private static PalimpsestException malformed(String message) {
        return new PalimpsestException(ROW_EVENT_MALFORMED, message);
    }

    /** Reads an event's {@code source}. */
    private static final class Origins {
        private Origins() {}

        static RowEvent.Origin of(String op, JsonNode source) {
            long millis = source.path("ts_ms").asLong(0);
            return new RowEvent.Origin(coordinates(op, source), millis <= 0 ? null : Instant.ofEpochMilli(millis));
        }

        /** Of streamed events only: a second snapshot's reads may have the first one's, and another row. */
        private static @Nullable String coordinates(String op, JsonNode source) {
            String snapshot = source.path("snapshot").asText("false");
            if (op.equals("r") || !snapshot.equals("false")) {
                return null;
            }
            return switch (source.path("connector").asText()) {
                case "postgresql" -> joined(op, source, "lsn", "txId", "ts_ms");
                case "mysql", "mariadb" -> joined(op, source, "file", "pos", "row", "server_id", "ts_ms");
                case "sqlserver" -> joined(op, source, "change_lsn", "commit_lsn", "event_serial_no", "ts_ms");
                default -> null;
            };
        }

        /** Null where the first is missing. */
        private static @Nullable String joined(String op, JsonNode source, String... fields) {
            if (source.path(fields[0]).isMissingNode() || source.path(fields[0]).isNull()) {
                return null;
            }
            StringBuilder text = new StringBuilder(op);
            for (String field : fields) {
                text.append('/').append(source.path(field).asText());
            }
            return text.length() <= 512 ? text.toString() : null;
        }
    }
}
