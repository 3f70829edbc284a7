package io.palimpsest.ingest.source.debezium;

import io.palimpsest.contracts.error.ErrorCode;
import io.palimpsest.contracts.error.PalimpsestException;
import io.palimpsest.ingest.database.Columns;
import io.palimpsest.platform.database.Sql;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/**
 * Numbers the lives of each source's topic: one that was made anew, was renamed, or has more partitions than before counts its
 * records from 0 again, in the next epoch.
 *
 * <p>Threading: safe, for several processes too.
 */
final class TopicLives {
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final Sql sql;
    private final String brokers;

    /** @param brokers that are asked, for messages */
    TopicLives(Sql sql, String brokers) {
        this.sql = sql;
        this.brokers = brokers;
    }

    /** A topic's present life. */
    record Life(long epoch, int partitions) {}

    /**
     * By topic; those that do not exist are left out.
     *
     * @throws PalimpsestException BROKER_UNAVAILABLE, DATABASE_FAILED
     */
    Map<String, Life> of(List<TableMapping> tables, Admin admin) {
        List<String> topics = tables.stream().map(TableMapping::topic).toList();
        Map<String, KafkaFuture<TopicDescription>> asked =
                admin.describeTopics(topics).topicNameValues();
        Map<String, Life> lives = new HashMap<>();
        for (TableMapping table : tables) {
            described(table.topic(), Objects.requireNonNull(asked.get(table.topic())))
                    .ifPresent(description -> lives.put(table.topic(), life(table, description)));
        }
        return lives;
    }

    private Life life(TableMapping table, TopicDescription description) {
        int partitions = description.partitions().size();
        String id = description.topicId().toString();
        return new Life(epoch(table.name(), table.topic(), id, partitions), partitions);
    }

    /** Of the last life, if that is the one described, otherwise the next one. */
    long epoch(String source, String topic, String topicId, int partitions) {
        List<Object> described = new ArrayList<>(List.of(topic, topicId, partitions));
        Optional<Last> last = last(source);
        if (last.isEmpty() || !last.get().described().equals(described)) {
            long next = last.map(known -> known.epoch() + 1).orElse(0L);
            sql.update(
                    "INSERT INTO debezium_topic (source, topic, topic_id, partitions, epoch) VALUES (?, ?, ?, ?, ?)"
                            + " ON CONFLICT DO NOTHING",
                    Columns.of(source, topic, topicId, partitions, next));
            last = last(source);
        }
        return last.filter(known -> known.described().equals(described))
                .orElseThrow(() -> new PalimpsestException(
                        ErrorCode.BROKER_UNAVAILABLE,
                        "another process sees topic " + topic + " of Kafka at " + brokers
                                + " in another life; it is looked at again: where this goes on, see that all processes"
                                + " have the same kafka.bootstrap.servers and debezium.source.mapping"))
                .epoch();
    }

    private record Last(long epoch, List<Object> described) {}

    private Optional<Last> last(String source) {
        return sql.first(
                "SELECT epoch, topic, topic_id, partitions FROM debezium_topic WHERE source = ?"
                        + " ORDER BY epoch DESC LIMIT 1",
                row -> new Last(
                        row.getLong("epoch"),
                        List.of(row.getString("topic"), row.getString("topic_id"), row.getInt("partitions"))),
                Columns.of(source));
    }

    private Optional<TopicDescription> described(String topic, KafkaFuture<TopicDescription> asked) {
        try {
            return Optional.of(asked.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS));
        } catch (ExecutionException e) {
            if (e.getCause() instanceof UnknownTopicOrPartitionException) {
                return Optional.empty();
            }
            throw unanswered(topic, e);
        } catch (TimeoutException e) {
            throw unanswered(topic, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw unanswered(topic, e);
        }
    }

    private PalimpsestException unanswered(String topic, Exception e) {
        Throwable cause = e.getCause() == null ? e : e.getCause();
        return new PalimpsestException(
                ErrorCode.BROKER_UNAVAILABLE,
                "Kafka at " + brokers + " does not say what topic " + topic + " is like ("
                        + cause.getClass().getSimpleName()
                        + "): see that its brokers run and that this user may describe the topic; it is asked again",
                cause);
    }
}
