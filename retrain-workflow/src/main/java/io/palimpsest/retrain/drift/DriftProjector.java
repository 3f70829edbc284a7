package io.palimpsest.retrain.drift;

import io.palimpsest.contracts.error.ErrorCode;
import io.palimpsest.contracts.error.PalimpsestException;
import io.palimpsest.contracts.event.DriftMeasured;
import io.palimpsest.contracts.id.CollectionKey;
import io.palimpsest.contracts.topic.Topics;
import io.palimpsest.platform.database.Sql;
import io.palimpsest.platform.kafka.ConsumerLoop;
import io.palimpsest.platform.kafka.KafkaClients;
import io.palimpsest.platform.retry.BackOff;
import io.palimpsest.platform.telemetry.Metric;
import io.palimpsest.platform.telemetry.Telemetry;
import io.palimpsest.retrain.drift.measure.Signal;
import io.palimpsest.retrain.drift.policy.DriftAlarm;
import io.palimpsest.retrain.drift.policy.DriftPolicy;
import io.palimpsest.retrain.drift.policy.PolicyState;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Follows the measurements, and lets the policy make alarms of them.
 *
 * <p>Threading: one thread of its own between {@link #start} and {@link #close}. Ordering and idempotency: the position is kept in
 * the tables, in the same transaction as the policy's state and the alarms, so each measurement counts once and each alarm is
 * raised once, whatever is killed. Failure: a failing database or broker is waited for.
 */
final class DriftProjector implements AutoCloseable {
    static final String GROUP = "palimpsest-drift-alarms";

    private static final Logger LOG = LoggerFactory.getLogger(DriftProjector.class);
    private static final ConsumerLoop.Pace PACE = new ConsumerLoop.Pace(
            "drift-alarms", Duration.ofMillis(500), BackOff.constant(Duration.ofSeconds(1)), Duration.ofSeconds(10));

    private final KafkaClients kafka;
    private final Sql sql;
    private final String instance;
    private final DriftPolicy policy;
    private final DriftAlarms alarms;
    private final Telemetry telemetry;
    private final Clock clock;
    private final ConsumerLoop<String, byte[]> loop;

    DriftProjector(
            KafkaClients kafka,
            Sql sql,
            String instance,
            DriftPolicy policy,
            DriftAlarms alarms,
            Telemetry telemetry,
            Clock clock) {
        this.kafka = kafka;
        this.sql = sql;
        this.instance = instance;
        this.policy = policy;
        this.alarms = alarms;
        this.telemetry = telemetry;
        this.clock = clock;
        this.loop = new ConsumerLoop<>(PACE, this::open, Following::new);
    }

    void start() {
        loop.start();
    }

    boolean healthy() {
        return loop.healthy();
    }

    @Override
    public void close() {
        loop.close();
    }

    private Consumer<String, byte[]> open() {
        Map<String, Object> properties = new HashMap<>(kafka.staticConsumer("drift-alarms", GROUP, instance));
        properties.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, 500);
        return new KafkaConsumer<>(properties, Topics.DRIFT_MEASURED.key().deserializer(), new ByteArrayDeserializer());
    }

    private final class Following implements ConsumerLoop.Work<String, byte[]> {
        @Override
        public void begin(Consumer<String, byte[]> open) {
            open.subscribe(List.of(Topics.DRIFT_MEASURED.name()), new ConsumerRebalanceListener() {
                @Override
                public void onPartitionsRevoked(Collection<TopicPartition> partitions) {}

                @Override
                public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
                    seek(open, partitions);
                }
            });
        }

        @Override
        public void polled(ConsumerRecords<String, byte[]> records, Consumer<String, byte[]> open) {
            if (!records.isEmpty()) {
                project(records);
                open.commitAsync(
                        records.nextOffsets(), null); // for the operator's lag tools: the tables hold the truth
            }
        }
    }

    private void project(ConsumerRecords<String, byte[]> records) {
        Map<CollectionKey, List<DriftMeasured>> measured = new TreeMap<>();
        for (ConsumerRecord<String, byte[]> record : records) {
            DriftMeasured one = read(record);
            if (one != null) {
                measured.computeIfAbsent(one.collection(), key -> new ArrayList<>())
                        .add(one);
            }
        }
        List<DriftAlarm> raised = sql.inTurn("drift_position", transaction -> {
            movePositions(transaction, records);
            return apply(transaction, measured);
        });
        raised.forEach(alarms::raised);
        measured.values().forEach(windows -> windows.forEach(this::count));
    }

    private void count(DriftMeasured window) {
        String signal = Signal.known(window.signal()) ? window.signal() : "other";
        telemetry.count(Metric.DRIFT_WINDOWS, signal, outcome(window));
    }

    private static String outcome(DriftMeasured window) {
        if (window.selfTest()) {
            return window.crossed() ? "found" : "missed";
        }
        if (window.value() == null || window.threshold() == null) {
            return "unjudged";
        }
        return window.crossed() ? "crossed" : "calm";
    }

    private List<DriftAlarm> apply(Sql.Transaction transaction, Map<CollectionKey, List<DriftMeasured>> measured)
            throws SQLException {
        Instant now = clock.instant();
        List<DriftAlarm> raised = new ArrayList<>();
        for (Map.Entry<CollectionKey, List<DriftMeasured>> entry : measured.entrySet()) {
            PolicyState before = DriftStore.state(transaction, entry.getKey());
            for (DriftMeasured one : entry.getValue()) {
                DriftStore.save(transaction, one);
                DriftPolicy.Step step = policy.after(before, one, now);
                DriftStore.save(transaction, before, step.state(), step.raised(), now);
                raised.addAll(step.raised());
                before = step.state();
            }
        }
        return raised;
    }

    /** Fails when another instance has moved on from where this batch begins: then this one must not count it too. */
    private static void movePositions(Sql.Transaction transaction, ConsumerRecords<String, byte[]> records)
            throws SQLException {
        for (Map.Entry<TopicPartition, OffsetAndMetadata> entry :
                records.nextOffsets().entrySet()) {
            List<ConsumerRecord<String, byte[]>> batch = records.records(entry.getKey());
            long next = entry.getValue().offset();
            int moved = transaction.update(
                    "INSERT INTO drift_position (topic, partition_no, next_offset) VALUES (?, ?, ?)"
                            + " ON CONFLICT (topic, partition_no) DO UPDATE SET next_offset = excluded.next_offset"
                            + " WHERE drift_position.next_offset <= ?",
                    entry.getKey().topic(),
                    entry.getKey().partition(),
                    next,
                    batch.isEmpty() ? next : batch.getFirst().offset());
            if (moved == 0) {
                throw new PalimpsestException(
                        ErrorCode.DATABASE_FAILED, "another process has read on in " + entry.getKey());
            }
        }
    }

    private void seek(Consumer<String, byte[]> open, Collection<TopicPartition> partitions) {
        Map<TopicPartition, Long> begins = open.beginningOffsets(partitions);
        Map<TopicPartition, Long> ends = open.endOffsets(partitions);
        for (TopicPartition partition : partitions) {
            long next = sql.first(
                            "SELECT next_offset FROM drift_position WHERE topic = ? AND partition_no = ?",
                            row -> row.getLong(1),
                            partition.topic(),
                            partition.partition())
                    .orElse(0L);
            if (next > ends.getOrDefault(partition, 0L)) { // the broker was made anew: its numbering began again
                sql.update(
                        "DELETE FROM drift_position WHERE topic = ? AND partition_no = ?",
                        partition.topic(),
                        partition.partition());
                next = 0;
            }
            open.seek(partition, Math.max(next, begins.getOrDefault(partition, 0L)));
        }
    }

    private static @Nullable DriftMeasured read(ConsumerRecord<String, byte[]> record) {
        if (record.value() == null) {
            return null;
        }
        try {
            return Topics.DRIFT_MEASURED.value().deserializer().deserialize(record.topic(), record.value());
        } catch (RuntimeException e) { // whatever Jackson makes of bytes that are not ours
            LOG.atError()
                    .addKeyValue("topic", record.topic())
                    .addKeyValue("partition", record.partition())
                    .addKeyValue("nextOffset", record.offset() + 1)
                    .addKeyValue("errorCode", ErrorCode.INTERNAL.id())
                    .log("a measurement of ours cannot be read; the alarms go on without it");
            return null;
        }
    }
}
