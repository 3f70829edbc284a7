package io.palimpsest.bridges;

import io.palimpsest.contracts.error.PalimpsestException;
import io.palimpsest.contracts.event.LedgerEntry;
import io.palimpsest.contracts.topic.Topics;
import io.palimpsest.platform.kafka.ConsumerLoop;
import io.palimpsest.platform.kafka.FollowedGroup;
import io.palimpsest.platform.kafka.KafkaClients;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;

/**
 * Hands on what the ledger is told, entry by entry.
 *
 * <p>Ordering and idempotency: in the order of the topic, at least once; where one fails, those before it do not come again.
 */
public final class LedgerFollower implements AutoCloseable {
    private final Teller teller;
    private final BridgeState state;
    private final TopicFollower follower;

    /** What is made of an entry, and told. */
    @FunctionalInterface
    public interface Teller {
        /**
         * Returns when it is told; an entry that there is nothing to say of is.
         *
         * @throws PalimpsestException it comes again
         */
        void tell(LedgerEntry entry);
    }

    public LedgerFollower(String group, KafkaClients kafka, Teller teller, BridgeState state) {
        this.teller = teller;
        this.state = state;
        this.follower = new TopicFollower(group, kafka, this::following);
    }

    ConsumerLoop.Work<byte[], byte[]> following() {
        return new Following();
    }

    public void start() {
        follower.start();
    }

    @Override
    public void close() {
        follower.close();
    }

    /** JSON of another type may be one with nothing in it. */
    private boolean isWhole(LedgerEntry entry) {
        boolean isWhole = Stream.of(entry.type(), entry.at(), entry.tenant()).noneMatch(Objects::isNull);
        if (!isWhole) {
            state.unreadable();
        }
        return isWhole;
    }

    private final class Following implements ConsumerLoop.Work<byte[], byte[]> {
        @Override
        public void begin(Consumer<byte[], byte[]> consumer) {
            consumer.assign(FollowedGroup.partitions(Topics.LEDGER_ENTRY));
        }

        @Override
        public void polled(ConsumerRecords<byte[], byte[]> records, Consumer<byte[], byte[]> consumer) {
            Map<TopicPartition, OffsetAndMetadata> told = new HashMap<>();
            try {
                for (ConsumerRecord<byte[], byte[]> record : records) {
                    TopicFollower.value(Topics.LEDGER_ENTRY, record, state)
                            .filter(LedgerFollower.this::isWhole)
                            .ifPresent(teller::tell);
                    told.put(
                            new TopicPartition(record.topic(), record.partition()),
                            new OffsetAndMetadata(record.offset() + 1));
                }
            } catch (PalimpsestException e) {
                state.failed(e);
                keep(told, consumer, e);
                throw e;
            }
            if (!records.nextOffsets().isEmpty()) {
                consumer.commitSync(records.nextOffsets());
            }
        }

        private static void keep(
                Map<TopicPartition, OffsetAndMetadata> told,
                Consumer<byte[], byte[]> consumer,
                PalimpsestException cause) {
            if (told.isEmpty()) {
                return;
            }
            try {
                consumer.commitSync(told);
            } catch (KafkaException e) {
                cause.addSuppressed(e);
            }
        }
    }
}
