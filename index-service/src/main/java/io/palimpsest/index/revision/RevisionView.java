package io.palimpsest.index.revision;

import io.palimpsest.contracts.event.DocumentRevised;
import io.palimpsest.contracts.id.DocumentKey;
import io.palimpsest.contracts.topic.Topics;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.WakeupException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The compacted topic of revisions as a map in memory, read from its beginning at every start.
 *
 * <p>Threading: one reading thread; lookups from any. Failure: when Kafka fails the view keeps what it has, is not
 * {@link #ready} until it has caught up again, and goes on with a new consumer.
 */
public final class RevisionView implements CurrentRevisions, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(RevisionView.class);
    private static final Duration POLL = Duration.ofMillis(100);
    private static final Duration PAUSE_AFTER_FAILURE = Duration.ofSeconds(1);
    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(5);

    private final Supplier<? extends org.apache.kafka.clients.consumer.Consumer<DocumentKey, DocumentRevised>>
            consumers;
    private final Clock clock;
    private final Map<DocumentKey, DocumentRevised> revisions = new ConcurrentHashMap<>();
    private final SharedParts shared = new SharedParts();
    private final Thread reader;
    private volatile Instant appliedThrough = Instant.EPOCH;
    private volatile boolean open = true;
    private volatile boolean caughtUp;
    private volatile org.apache.kafka.clients.consumer.@Nullable Consumer<DocumentKey, DocumentRevised> consumer;

    /**
     * Reads nothing before {@link #start}.
     *
     * @param consumers makes a read-committed consumer without a group; called again after a failure
     */
    public RevisionView(
            Supplier<? extends org.apache.kafka.clients.consumer.Consumer<DocumentKey, DocumentRevised>> consumers,
            Clock clock) {
        this.consumers = consumers;
        this.clock = clock;
        this.reader = Thread.ofPlatform().name("revision-view").daemon().unstarted(this::readUntilClosed);
    }

    public RevisionView start() {
        reader.start();
        return this;
    }

    @Override
    public Optional<DocumentRevised> current(DocumentKey key) {
        return Optional.ofNullable(revisions.get(key));
    }

    @Override
    public Instant appliedThrough() {
        return appliedThrough;
    }

    /** True once it has reached the ends that the topic had at the start. */
    public boolean ready() {
        return caughtUp;
    }

    public int documents() {
        return revisions.size();
    }

    /** Each document's current revision, as of some moment during the call. */
    public void forEach(Consumer<DocumentRevised> action) {
        revisions.values().forEach(action);
    }

    @Override
    public void close() throws InterruptedException {
        open = false;
        org.apache.kafka.clients.consumer.Consumer<DocumentKey, DocumentRevised> running = consumer;
        if (running != null) {
            running.wakeup();
        }
        // An interrupt would cut the consumer's own closing short: only where it hangs.
        reader.join(CLOSE_TIMEOUT.toMillis());
        if (reader.isAlive()) {
            reader.interrupt();
            reader.join();
        }
    }

    private void readUntilClosed() {
        while (open) {
            try (var made = consumers.get()) {
                consumer = made;
                read(made);
            } catch (WakeupException | InterruptException e) {
                // Closing: the loop's condition ends it.
            } catch (RuntimeException e) {
                caughtUp = false;
                LOG.atWarn()
                        .addKeyValue("topic", Topics.REVISED.name())
                        .setCause(e)
                        .log("the revision view lost its topic and reads it again");
                pause();
            } finally {
                consumer = null;
            }
        }
    }

    private void read(org.apache.kafka.clients.consumer.Consumer<DocumentKey, DocumentRevised> consumer) {
        List<TopicPartition> partitions = consumer.partitionsFor(Topics.REVISED.name()).stream()
                .map(p -> new TopicPartition(p.topic(), p.partition()))
                .toList();
        if (partitions.isEmpty()) {
            throw new IllegalStateException("the topic of revisions does not exist");
        }
        consumer.assign(partitions);
        consumer.seekToBeginning(partitions);
        Instant endsAsked = clock.instant();
        Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
        while (open) {
            ConsumerRecords<DocumentKey, DocumentRevised> records = consumer.poll(POLL);
            for (ConsumerRecord<DocumentKey, DocumentRevised> revised : records) {
                apply(revised.key(), revised.value());
            }
            if (ends.entrySet().stream().allMatch(end -> consumer.position(end.getKey()) >= end.getValue())) {
                appliedThrough = endsAsked;
                caughtUp = true;
                endsAsked = clock.instant();
                ends = consumer.endOffsets(partitions);
            }
        }
    }

    @SuppressWarnings("NullAway") // a tombstone's value is null
    private void apply(DocumentKey key, DocumentRevised revised) {
        if (revised == null) {
            revisions.remove(key);
            return;
        }
        // Reading again after a failure starts at the beginning: never back to an older revision.
        revisions.merge(
                shared.key(key),
                shared.share(revised),
                (known, read) -> read.revision() >= known.revision() ? read : known);
    }

    private void pause() {
        try {
            Thread.sleep(PAUSE_AFTER_FAILURE);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
