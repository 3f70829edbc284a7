package io.palimpsest.ingest.stream;

import io.palimpsest.contracts.error.ErrorCode;
import io.palimpsest.contracts.error.PalimpsestException;
import io.palimpsest.contracts.id.DocumentKey;
import io.palimpsest.contracts.topic.Topic;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.Function;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.jspecify.annotations.Nullable;

/**
 * First operator of every topology: bytes to events. What cannot be read, lacks a required field, or is keyed by another
 * document than it speaks of goes to the dead letters; the rest goes on.
 *
 * @param keyOf the document an event speaks of
 * @param checked throws {@link PalimpsestException} with the code of the dead letter when the event is invalid
 * @param onRefused told of each dead letter
 */
public record EventReader<V>(
        Topic<DocumentKey, V> topic,
        Function<V, DocumentKey> keyOf,
        Consumer<V> checked,
        Consumer<ErrorCode> onRefused,
        String next,
        String deadLetters) {

    public Processor<byte[], byte[], Object, Object> processor() {
        return new Reading();
    }

    private V read(byte @Nullable [] key, byte @Nullable [] value) {
        if (key == null || value == null) {
            throw new PalimpsestException(
                    ErrorCode.EVENT_MALFORMED, "a record without " + (key == null ? "key" : "value"));
        }
        DocumentKey document;
        V event;
        try {
            document = topic.key().deserializer().deserialize(topic.name(), key);
            event = topic.value().deserializer().deserialize(topic.name(), value);
        } catch (RuntimeException e) {
            throw new PalimpsestException(ErrorCode.EVENT_MALFORMED, "key or value cannot be read", e);
        }
        if (!document.equals(keyOf.apply(event))) {
            throw new PalimpsestException(
                    ErrorCode.DATA_INVALID, "the record's key names another document than its value");
        }
        checked.accept(event);
        return event;
    }

    private final class Reading implements Processor<byte[], byte[], Object, Object> {
        private @Nullable ProcessorContext<Object, Object> context;

        @Override
        public void init(ProcessorContext<Object, Object> processorContext) {
            context = processorContext;
        }

        @Override
        public void process(Record<byte[], byte[]> record) {
            ProcessorContext<Object, Object> out = Objects.requireNonNull(context);
            V event;
            try {
                event = read(record.key(), record.value());
            } catch (PalimpsestException e) {
                onRefused.accept(e.code());
                out.forward(DeadLetters.of(out, record, null, e.code(), String.valueOf(e.getMessage())), deadLetters);
                return;
            }
            out.forward(record.withKey((Object) keyOf.apply(event)).withValue((Object) event), next);
        }
    }
}
