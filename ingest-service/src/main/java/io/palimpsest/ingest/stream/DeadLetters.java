package io.palimpsest.ingest.stream;

import io.palimpsest.contracts.error.ErrorCode;
import io.palimpsest.contracts.event.DeadLetter;
import io.palimpsest.contracts.id.ChangeId;
import io.palimpsest.contracts.topic.EventHeaders;
import io.palimpsest.contracts.topic.Topics;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.streams.processor.api.ProcessingContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.processor.api.RecordMetadata;
import org.jspecify.annotations.Nullable;

/** Makes the dead letter of the record in hand: where it lies, which CloudEvents attributes could be read, and why. */
public final class DeadLetters {
    private static final int MAX_ATTRIBUTE_CHARS = 256;
    private static final String ATTRIBUTE_PREFIX = "ce_";

    private DeadLetters() {}

    public static Record<String, DeadLetter> of(
            ProcessingContext context,
            Record<?, ?> record,
            @Nullable ChangeId changeId,
            ErrorCode code,
            String message) {
        RecordMetadata place = context.recordMetadata()
                .orElseThrow(() -> new IllegalStateException("a dead letter is made of a record only"));
        DeadLetter letter = new DeadLetter(
                changeId,
                code,
                message,
                place.topic(),
                place.partition(),
                place.offset(),
                attributes(record.headers()),
                Instant.ofEpochMilli(context.currentSystemTimeMs()));
        String key = place.topic() + "-" + place.partition() + "-" + place.offset();
        Headers headers = EventHeaders.set(
                new RecordHeaders(record.headers()), key, "/palimpsest/ingest", Topics.DEAD_LETTER, key, null);
        return new Record<>(key, letter, record.timestamp(), headers);
    }

    private static Map<String, String> attributes(Headers headers) {
        Map<String, String> attributes = new TreeMap<>();
        for (Header header : headers) {
            if (header.key().startsWith(ATTRIBUTE_PREFIX) && header.value() != null) {
                String value = new String(header.value(), StandardCharsets.UTF_8);
                attributes.put(
                        header.key().substring(ATTRIBUTE_PREFIX.length()),
                        value.substring(0, Math.min(MAX_ATTRIBUTE_CHARS, value.length())));
            }
        }
        return attributes;
    }
}
