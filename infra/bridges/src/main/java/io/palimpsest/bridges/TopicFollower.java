package io.palimpsest.bridges;

import io.palimpsest.contracts.topic.Topic;
import io.palimpsest.platform.kafka.ConsumerLoop;
import io.palimpsest.platform.kafka.FollowedGroup;
import io.palimpsest.platform.kafka.KafkaClients;
import io.palimpsest.platform.retry.BackOff;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * Reads all of a topic, from its beginning where it never did, as a group of its own. One process at a time is to do so.
 *
 * <p>Ordering and idempotency: at least once; positions are committed by the work, after what was read is told. Failure: begins again at
 * the last position, after a pause that grows to a minute.
 */
public final class TopicFollower implements AutoCloseable {
    private static final Duration POLL = Duration.ofMillis(200);
    private static final BackOff BACK_OFF = new BackOff(Duration.ofMillis(500), Duration.ofMinutes(1));
    private static final Duration CLOSING = Duration.ofSeconds(5);

    private final ConsumerLoop<byte[], byte[]> loop;

    public TopicFollower(
            String group, KafkaClients kafka, Supplier<? extends ConsumerLoop.Work<byte[], byte[]>> works) {
        this.loop = new ConsumerLoop<>(
                new ConsumerLoop.Pace(group, POLL, BACK_OFF, CLOSING),
                () -> new KafkaConsumer<>(
                        kafka.consumer(group, group), new ByteArrayDeserializer(), new ByteArrayDeserializer()),
                works);
    }

    public void start() {
        loop.start();
    }

    @Override
    public void close() {
        loop.close();
    }

    /** Whose lag is told. */
    public static FollowedGroup group(String group, Topic<?, ?> topic) {
        return FollowedGroup.consumers(group, group, topic);
    }

    /** Empty for what is none, which is counted. */
    public static <V> Optional<V> value(Topic<?, V> topic, ConsumerRecord<byte[], byte[]> record, BridgeState state) {
        try {
            return Optional.ofNullable(topic.value().deserializer().deserialize(topic.name(), record.value()));
        } catch (SerializationException | UncheckedIOException e) {
            state.unreadable();
            return Optional.empty();
        }
    }
}
