package io.palimpsest.ingest.timeline;

import io.palimpsest.contracts.topic.Topics;
import io.palimpsest.ingest.database.Columns;
import io.palimpsest.platform.database.Sql;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.TopicPartition;

/**
 * Writes down up to when the tables know what was received, partition by partition: several processes share the topic of
 * changes, and any process may ask. The other topics are not looked at: a change whose later facts are not read yet is in
 * flight in the tables, which is how it counts.
 *
 * <p>Threading: the projector's thread only.
 */
final class Followed {
    /** Half of what a person notices; arbitrary. */
    private static final Duration EVERY = Duration.ofMillis(200);

    private final Sql sql;
    private Instant asked = Instant.EPOCH;
    /** The ends of partitions at that moment, as far as they are not reached. */
    private final Map<TopicPartition, Long> ends = new HashMap<>();

    Followed(Sql sql) {
        this.sql = sql;
    }

    /** After each batch that is in the tables, and while there is none. */
    void note(Consumer<byte[], byte[]> open) {
        Set<TopicPartition> changes = open.assignment().stream()
                .filter(partition -> partition.topic().equals(Topics.CHANGED.name()))
                .collect(Collectors.toSet());
        ends.keySet().retainAll(changes);
        save(reached(open));
        Instant now = Instant.now();
        if (ends.isEmpty() && !changes.isEmpty() && asked.plus(EVERY).isBefore(now)) {
            asked = now;
            ends.putAll(open.endOffsets(changes));
            save(reached(open));
        }
    }

    private List<TopicPartition> reached(Consumer<byte[], byte[]> open) {
        List<TopicPartition> reached = ends.entrySet().stream()
                .filter(end -> open.position(end.getKey()) >= end.getValue())
                .map(Map.Entry::getKey)
                .toList();
        reached.forEach(ends::remove);
        return reached;
    }

    private void save(List<TopicPartition> reached) {
        if (reached.isEmpty()) {
            return;
        }
        sql.inTurn("projection_position", transaction -> {
            transaction.updateAll(
                    "INSERT INTO projection_position (topic, partition_no, next_offset, followed_at) VALUES (?, ?, 0, ?)"
                            + " ON CONFLICT (topic, partition_no) DO UPDATE SET followed_at = excluded.followed_at"
                            + " WHERE projection_position.followed_at < excluded.followed_at",
                    reached.stream()
                            .map(partition -> Columns.of(partition.topic(), partition.partition(), asked))
                            .toList());
            return null;
        });
    }
}
