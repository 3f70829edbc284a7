package io.palimpsest.ingest.stream;

import io.palimpsest.contracts.error.ErrorCode;
import io.palimpsest.contracts.error.PalimpsestException;
import io.palimpsest.contracts.id.ChangeId;
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
 * @param names what an event says of itself
 * @param checked throws {@link PalimpsestException} with the code of the dead letter when the event is invalid
 * @param onRefused told of each dead letter
 */
public record EventReader<V>(
        Topic<DocumentKey, V> topic,
        Names<V> names,
        Consumer<V> checked,
        Consumer<ErrorCode> onRefused,
        String next,
        String deadLetters) {

    /**
     * What an event says of itself.
     *
     * @param key the document it speaks of
     * @param change that it belongs to: its dead letter ends it
     */
    public record Names<V>(Function<V, DocumentKey> key, Function<V, ChangeId> change) {}

    public Processor<byte[], byte[], Object, Object> processor() {
        return new Reading();
    }

    private V read(byte @Nullable [] key, byte @Nullable [] value) {
        if (key == null || value == null) {
            throw new PalimpsestException(
                    ErrorCode.EVENT_MALFORMED, "a record without " + (key == null ? "key" : "value"));
        }
        try {
            return topic.value().deserializer().deserialize(topic.name(), value);
        } catch (RuntimeException e) {
            throw new PalimpsestException(ErrorCode.EVENT_MALFORMED, "the value cannot be read", e);
        }
    }

    /** A record without a value says that the document of its key is to be forgotten. */
    private @Nullable DocumentKey forgotten(Record<byte[], byte[]> record) {
        if (record.key() == null || record.value() != null) {
            return null;
        }
        try {
            return topic.key().deserializer().deserialize(topic.name(), record.key());
        } catch (RuntimeException e) {
            return null; // it is refused
        }
    }

    private void check(byte[] key, V event) {
        DocumentKey document;
        try {
            document = topic.key().deserializer().deserialize(topic.name(), key);
        } catch (RuntimeException e) {
            throw new PalimpsestException(ErrorCode.EVENT_MALFORMED, "the key cannot be read", e);
        }
        if (!document.equals(names.key().apply(event))) {
            throw new PalimpsestException(
                    ErrorCode.DATA_INVALID, "the record's key names another document than its value");
        }
        checked.accept(event);
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
            @Nullable V event = null;
            DocumentKey forgotten = forgotten(record);
            if (forgotten != null) {
                out.forward(record.withKey((Object) forgotten).withValue((Object) null), next);
                return;
            }
            try {
                event = read(record.key(), record.value());
                check(record.key(), event);
            } catch (PalimpsestException e) {
                onRefused.accept(e.code());
                ChangeId change = event == null ? null : names.change().apply(event);
                out.forward(DeadLetters.of(out, record, change, e.code(), String.valueOf(e.getMessage())), deadLetters);
                return;
            }
            out.forward(record.withKey((Object) names.key().apply(event)).withValue((Object) event), next);
        }
    }
}
