package io.palimpsest.bridges.lineage;

import io.palimpsest.bridges.BridgeState;
import io.palimpsest.bridges.TopicFollower;
import io.palimpsest.contracts.error.PalimpsestException;
import io.palimpsest.contracts.topic.Topics;
import io.palimpsest.platform.kafka.ConsumerLoop;
import io.palimpsest.platform.kafka.FollowedGroup;
import io.palimpsest.platform.kafka.KafkaClients;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * Follows accepted changes and tells them window by window; positions are committed at the end of a window, all partitions in one
 * request.
 */
final class IngestionFollower implements AutoCloseable {
    static final String GROUP = "lineage-ingestion";
    /** Changes of a window; arbitrary, of a backlog that is worked off. */
    private static final int MOST = 100_000;

    private final LineageEvents events;
    private final EventSender sender;
    private final BridgeState state;
    private final Duration window;
    private final TopicFollower follower;

    IngestionFollower(
            LineageEvents events, EventSender sender, BridgeState state, Duration window, KafkaClients kafka) {
        this.events = events;
        this.sender = sender;
        this.state = state;
        this.window = window;
        this.follower = new TopicFollower(GROUP, kafka, Following::new);
    }

    void start() {
        follower.start();
    }

    @Override
    public void close() {
        follower.close();
    }

    private final class Following implements ConsumerLoop.Work<byte[], byte[]> {
        private final TreeMap<Integer, Long> from = new TreeMap<>();
        private final Map<TopicPartition, OffsetAndMetadata> next = new HashMap<>();
        private @Nullable IngestionWindow open;
        private long openedNanos;

        @Override
        public void begin(Consumer<byte[], byte[]> consumer) {
            List<TopicPartition> partitions = FollowedGroup.partitions(Topics.ACCEPTED);
            consumer.assign(partitions);
            partitions.forEach(partition -> from.put(partition.partition(), consumer.position(partition)));
        }

        @Override
        public void polled(ConsumerRecords<byte[], byte[]> records, Consumer<byte[], byte[]> consumer) {
            IngestionWindow now = open;
            if (now == null && !records.isEmpty()) {
                now = new IngestionWindow(positions());
                open = now;
                openedNanos = System.nanoTime();
            }
            if (now == null) {
                return;
            }
            for (ConsumerRecord<byte[], byte[]> record : records) {
                TopicFollower.value(Topics.ACCEPTED, record, state).ifPresent(now::add);
            }
            next.putAll(records.nextOffsets());
            if (System.nanoTime() - openedNanos >= window.toNanos() || now.count() >= MOST) {
                end(now, consumer);
            }
        }

        private void end(IngestionWindow ended, Consumer<byte[], byte[]> consumer) {
            try {
                sender.send(ended.events(events));
            } catch (PalimpsestException e) {
                state.failed(e);
                throw e;
            }
            consumer.commitSync(next);
            next.forEach((partition, position) -> from.put(partition.partition(), position.offset()));
            next.clear();
            open = null;
        }

        private String positions() {
            return from.entrySet().stream()
                    .map(entry -> entry.getKey() + ":" + entry.getValue())
                    .collect(Collectors.joining(","));
        }
    }
}
