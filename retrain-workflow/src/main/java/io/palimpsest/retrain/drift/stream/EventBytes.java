package io.palimpsest.retrain.drift.stream;

import io.palimpsest.contracts.error.ErrorCode;
import io.palimpsest.contracts.topic.Topic;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads our own events. One that cannot be read is logged and left out: it is a sample less, and holds up nobody. */
final class EventBytes {
    private static final Logger LOG = LoggerFactory.getLogger(EventBytes.class);

    private EventBytes() {}

    static <V> @Nullable V read(ProcessorContext<?, ?> context, Topic<?, V> topic, byte @Nullable [] value) {
        if (value == null) {
            return null;
        }
        try {
            return topic.value().deserializer().deserialize(topic.name(), value);
        } catch (RuntimeException e) { // whatever Jackson makes of bytes that are not ours
            logUnreadable(context);
            return null;
        }
    }

    static void logUnreadable(ProcessorContext<?, ?> context) {
        context.recordMetadata()
                .ifPresent(place -> LOG.atWarn()
                        .addKeyValue("topic", place.topic())
                        .addKeyValue("partition", place.partition())
                        .addKeyValue("nextOffset", place.offset() + 1)
                        .addKeyValue("errorCode", ErrorCode.EVENT_MALFORMED.id())
                        .log("an event cannot be read and is left out of the measurements"));
    }
}
