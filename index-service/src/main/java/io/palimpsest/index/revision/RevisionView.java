package io.palimpsest.index.revision;

import io.palimpsest.contracts.error.ErrorCode;
import io.palimpsest.contracts.error.PalimpsestException;
import io.palimpsest.contracts.event.DocumentRevised;
import io.palimpsest.contracts.id.DocumentKey;
import io.palimpsest.contracts.topic.Topics;
import io.palimpsest.platform.kafka.ConsumerLoop;
import io.palimpsest.platform.retry.BackOff;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.common.TopicPartition;

/**
 * The compacted topic of revisions as a map in memory, read from its beginning at every start.
 *
 * <p>Threading: one reading thread; lookups from any. Failure: when Kafka fails the view keeps what it has, is not
 * {@link #ready} until it has caught up again, and goes on with a new consumer.
 */
public final class RevisionView implements RevisionListing, AutoCloseable {
    private static final ConsumerLoop.Pace PACE = new ConsumerLoop.Pace(
            "revision-view", Duration.ofMillis(100), BackOff.constant(Duration.ofSeconds(1)), Duration.ofSeconds(5));

    private final Clock clock;
    private final Map<DocumentKey, DocumentRevised> revisions = new ConcurrentHashMap<>();
    private final SharedParts shared = new SharedParts();
    private final ConsumerLoop<DocumentKey, DocumentRevised> loop;
    private volatile Instant appliedThrough = Instant.EPOCH;
    private volatile boolean caughtUp;

    /**
     * Reads nothing before {@link #start}.
     *
     * @param consumers makes a read-committed consumer without a group; called again after a failure
     */
    public RevisionView(Supplier<? extends Consumer<DocumentKey, DocumentRevised>> consumers, Clock clock) {
        this.clock = clock;
        this.loop = new ConsumerLoop<>(PACE, consumers, Reading::new);
    }

    public RevisionView start() {
        loop.start();
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

    @Override
    public void forEach(java.util.function.Consumer<DocumentRevised> action) {
        revisions.values().forEach(action);
    }

    @Override
    public void close() {
        loop.close();
    }

    /** From the topic's beginning to its ends as they were asked for last, then to new ends, and so on. */
    private final class Reading implements ConsumerLoop.Work<DocumentKey, DocumentRevised> {
        private Instant endsAsked = Instant.EPOCH;
        private Map<TopicPartition, Long> ends = Map.of();

        @Override
        public void begin(Consumer<DocumentKey, DocumentRevised> consumer) {
            List<TopicPartition> partitions = consumer.partitionsFor(Topics.REVISED.name()).stream()
                    .map(p -> new TopicPartition(p.topic(), p.partition()))
                    .toList();
            if (partitions.isEmpty()) {
                throw new PalimpsestException(
                        ErrorCode.BROKER_UNAVAILABLE,
                        "Kafka has no topic " + Topics.REVISED.name()
                                + ", which is made again within seconds where this user may");
            }
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            askForEnds(consumer, partitions);
        }

        private void askForEnds(
                Consumer<DocumentKey, DocumentRevised> consumer, Collection<TopicPartition> partitions) {
            endsAsked = clock.instant();
            ends = consumer.endOffsets(partitions);
        }

        @Override
        public void polled(
                ConsumerRecords<DocumentKey, DocumentRevised> records,
                Consumer<DocumentKey, DocumentRevised> consumer) {
            for (ConsumerRecord<DocumentKey, DocumentRevised> revised : records) {
                apply(revised.key(), revised.value());
            }
            if (ends.entrySet().stream().allMatch(end -> consumer.position(end.getKey()) >= end.getValue())) {
                appliedThrough = endsAsked;
                caughtUp = true;
                askForEnds(consumer, ends.keySet());
            }
        }

        @Override
        public void close() {
            caughtUp = false;
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
}
