package io.palimpsest.contracts.topic;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.jspecify.annotations.Nullable;

/**
 * CloudEvents attributes of our own events in Kafka's binary mode ({@code ce_} headers, CloudEvents Kafka binding §3.2)
 * and the W3C {@code traceparent}. Streams forwards headers as they are, so every hop only replaces id and type.
 */
public final class EventHeaders {
    public static final String TRACEPARENT = "traceparent";

    private EventHeaders() {}

    /** Replaces the attributes; {@code traceparent} of the cause is kept unless a new one is given. */
    public static Headers set(
            Headers headers,
            String id,
            String source,
            Topic<?, ?> topic,
            String subject,
            @Nullable String traceparent) {
        put(headers, "ce_specversion", "1.0");
        put(headers, "ce_id", id);
        put(headers, "ce_source", source);
        put(headers, "ce_type", "io.palimpsest." + topic.name());
        put(headers, "ce_subject", subject);
        put(headers, "content-type", "application/json");
        if (traceparent != null) {
            put(headers, TRACEPARENT, traceparent);
        }
        return headers;
    }

    public static Optional<String> get(Headers headers, String name) {
        Header header = headers.lastHeader(name);
        return header == null || header.value() == null
                ? Optional.empty()
                : Optional.of(new String(header.value(), StandardCharsets.UTF_8));
    }

    private static void put(Headers headers, String name, String value) {
        headers.remove(name);
        headers.add(name, value.getBytes(StandardCharsets.UTF_8));
    }
}
