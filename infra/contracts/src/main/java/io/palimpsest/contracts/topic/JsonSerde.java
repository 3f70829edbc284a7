package io.palimpsest.contracts.topic;

import io.palimpsest.contracts.event.Json;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serializer;
import org.jspecify.annotations.Nullable;

/** A record of ours as UTF-8 JSON; null stays null (tombstone). */
public record JsonSerde<T>(Class<T> type) implements Serde<T> {
    @Override
    public Serializer<T> serializer() {
        return (topic, value) -> toBytes(value);
    }

    @Override
    public Deserializer<T> deserializer() {
        return (topic, bytes) -> fromBytes(bytes);
    }

    @SuppressWarnings("NullAway") // Kafka's serializer contract: null in, null out
    private static byte[] toBytes(@Nullable Object value) {
        return value == null ? null : Json.write(value);
    }

    @SuppressWarnings("NullAway") // Kafka's deserializer contract: null in, null out
    private T fromBytes(byte @Nullable [] bytes) {
        return bytes == null ? null : Json.read(bytes, type);
    }
}
