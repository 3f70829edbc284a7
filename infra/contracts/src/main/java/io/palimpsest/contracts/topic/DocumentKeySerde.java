package io.palimpsest.contracts.topic;

import io.palimpsest.contracts.id.DocumentKey;
import java.nio.charset.StandardCharsets;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serializer;

/** {@link DocumentKey} in its text form, UTF-8. None has no bytes, as with Kafka's own: the open end of a range. */
public final class DocumentKeySerde implements Serde<DocumentKey> {
    @Override
    public Serializer<DocumentKey> serializer() {
        return (topic, key) -> key == null ? null : key.toString().getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public Deserializer<DocumentKey> deserializer() {
        return (topic, bytes) -> DocumentKey.parse(new String(bytes, StandardCharsets.UTF_8));
    }
}
