package io.palimpsest.ingest.work;

import io.palimpsest.contracts.error.ErrorCode;
import io.palimpsest.contracts.error.PalimpsestException;
import io.palimpsest.contracts.event.DocumentAccepted;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.AcknowledgeType;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.ShareConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicIdPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.header.Headers;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One member of a lane's share group: takes a few records at a time, works on them one after another, acknowledges each
 * explicitly, and renews the locks while a parse is long.
 *
 * <p>Threading: two threads of its own, one that talks to the broker and one that works. Failure: a lost lock or a killed
 * process means that the record is delivered again, which is harmless.
 */
final class ExtractionWorker implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ExtractionWorker.class);
    private static final Duration POLL = Duration.ofMillis(500);
    private static final Duration PAUSE = Duration.ofSeconds(1);
    /** So long work waits behind other work before it goes to a worker that is free; arbitrary. */
    private static final Duration HAND_ON_AFTER = Duration.ofSeconds(2);
    /** Released more often than this, a record comes near {@link #RENEWED_FROM}: it is held here instead. */
    private static final int MAX_RELEASED_DELIVERIES = 4;
    /**
     * From this delivery on work gets a record of its own again. The broker gives a record up for good after 10 deliveries,
     * and every worker that is stopped or killed with it uses one.
     */
    private static final int RENEWED_FROM = 6;

    private final Lane lane;
    private final WorkStep step;
    private final Supplier<ShareConsumer<byte[], byte[]>> consumers;
    private final ExecutorService hands;
    private final Thread thread;
    private volatile boolean closing;
    private volatile boolean healthy;
    private volatile @Nullable ShareConsumer<byte[], byte[]> consumer;

    ExtractionWorker(Lane lane, int number, WorkStep step, Supplier<ShareConsumer<byte[], byte[]>> consumers) {
        this.lane = lane;
        this.step = step;
        this.consumers = consumers;
        String name = lane.group() + "-" + number;
        this.hands = Executors.newSingleThreadExecutor(
                Thread.ofPlatform().name(name + "-hands").daemon().factory());
        this.thread = Thread.ofPlatform().name(name).daemon().unstarted(this::run);
    }

    void start() {
        thread.start();
    }

    boolean healthy() {
        return healthy && thread.isAlive();
    }

    /** Stops taking work, and lets go of what has not begun. */
    @Override
    public void close() {
        closing = true;
        ShareConsumer<byte[], byte[]> current = consumer;
        if (current != null) {
            current.wakeup();
        }
        hands.shutdownNow();
        try {
            thread.join(TimeUnit.SECONDS.toMillis(10)); // the form that takes a duration refuses a thread not started
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        while (!closing) {
            try (ShareConsumer<byte[], byte[]> open = consumers.get()) {
                consumer = open;
                open.subscribe(List.of(lane.topic().name()));
                Map<RecordId, WorkTask> tasks = new HashMap<>();
                while (!closing) {
                    take(open, tasks);
                }
            } catch (WakeupException e) {
                LOG.atDebug().log("a worker was told to stop");
            } catch (KafkaException | IllegalStateException e) {
                healthy = false;
                LOG.atWarn().setCause(e).log("a worker of {} lost the broker and begins again", lane.group());
                LockSupport.parkNanos(PAUSE.toNanos());
            } finally {
                consumer = null;
            }
        }
    }

    /** Renewed records come back with the next poll: a task goes on over several rounds. */
    private void take(ShareConsumer<byte[], byte[]> open, Map<RecordId, WorkTask> tasks) {
        ConsumerRecords<byte[], byte[]> records = open.poll(POLL);
        healthy = true;
        if (records.isEmpty()) {
            return;
        }
        for (ConsumerRecord<byte[], byte[]> record : records) {
            tasks.computeIfAbsent(RecordId.of(record), id -> begin(record));
        }
        await(tasks, renewal(open));
        for (ConsumerRecord<byte[], byte[]> record : records) {
            RecordId id = RecordId.of(record);
            WorkTask task = tasks.get(id);
            AcknowledgeType type =
                    task == null ? AcknowledgeType.RELEASE : task.acknowledgement(closing, delivery(record));
            open.acknowledge(record, type);
            if (type != AcknowledgeType.RENEW) {
                tasks.remove(id);
            }
        }
        commit(open);
    }

    private WorkTask begin(ConsumerRecord<byte[], byte[]> record) {
        DocumentAccepted work;
        try {
            work = lane.topic().value().deserializer().deserialize(record.topic(), record.value());
        } catch (UncheckedIOException | IllegalArgumentException e) {
            LOG.atError()
                    .setCause(e)
                    .addKeyValue("topic", record.topic())
                    .addKeyValue("errorCode", ErrorCode.INTERNAL.id())
                    .log("a record of work cannot be read");
            return WorkTask.done(AcknowledgeType.REJECT);
        }
        // At once and not in its turn: the process may be stopped before that.
        if (delivery(record) >= RENEWED_FROM && renewed(work, record.headers())) {
            return WorkTask.done(AcknowledgeType.ACCEPT);
        }
        WorkTask task = new WorkTask(() -> work(work, record));
        hands.execute(task);
        return task;
    }

    private boolean renewed(DocumentAccepted work, Headers headers) {
        try {
            step.renew(lane, work, headers);
            return true;
        } catch (PalimpsestException e) {
            LOG.atWarn()
                    .setCause(e)
                    .addKeyValue("errorCode", e.code().id())
                    .log("work stays on a record that was delivered often");
            return false;
        }
    }

    private AcknowledgeType work(DocumentAccepted work, ConsumerRecord<byte[], byte[]> record) {
        while (true) {
            try {
                return switch (step.run(lane, work, delivery(record), record.headers())) {
                    case ENDED -> AcknowledgeType.ACCEPT;
                    case HANDED_BACK -> AcknowledgeType.RELEASE;
                };
            } catch (PalimpsestException e) {
                LOG.atWarn()
                        .setCause(e)
                        .addKeyValue("errorCode", e.code().id())
                        .log("work is held back: store, database or broker do not answer");
                if (closing || delivery(record) < MAX_RELEASED_DELIVERIES) {
                    LockSupport.parkNanos(closing ? 0 : PAUSE.toNanos());
                    return AcknowledgeType.RELEASE;
                }
                LockSupport.parkNanos(PAUSE.toNanos());
            }
        }
    }

    private static void await(Map<RecordId, WorkTask> tasks, Duration longest) {
        long until = System.nanoTime() + longest.toNanos();
        for (WorkTask task : List.copyOf(tasks.values())) {
            task.await(Math.max(0, until - System.nanoTime()));
        }
    }

    /** A third of the lock at most: two renewals may fail before it is lost. */
    private static Duration renewal(ShareConsumer<byte[], byte[]> open) {
        long third = open.acquisitionLockTimeoutMs().orElse(30_000) / 3;
        return Duration.ofMillis(Math.clamp(third, 1_000, HAND_ON_AFTER.toMillis()));
    }

    private void commit(ShareConsumer<byte[], byte[]> open) {
        Map<TopicIdPartition, Optional<KafkaException>> results = open.commitSync();
        results.forEach((partition, failure) -> failure.ifPresent(e -> LOG.atWarn()
                .setCause(e)
                .addKeyValue("topic", partition.topic())
                .addKeyValue("partition", partition.partition())
                .log("an acknowledgement did not arrive; the work is delivered again")));
    }

    private static int delivery(ConsumerRecord<byte[], byte[]> record) {
        return record.deliveryCount().map(Short::intValue).orElse(1);
    }

    /** Place of a record in its topic. */
    private record RecordId(int partition, long recordNo) {
        static RecordId of(ConsumerRecord<byte[], byte[]> record) {
            return new RecordId(record.partition(), record.offset());
        }
    }
}
