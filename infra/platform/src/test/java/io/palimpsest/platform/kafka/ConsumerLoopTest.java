package io.palimpsest.platform.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import io.palimpsest.contracts.topic.Topics;
import io.palimpsest.platform.retry.BackOff;
import io.palimpsest.platform.retry.Condition;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.FencedInstanceIdException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class ConsumerLoopTest {
    private static final TopicPartition PARTITION = new TopicPartition(Topics.INBOX.name(), 0);
    private static final Duration SOON = Duration.ofSeconds(20);

    private final List<MockConsumer<String, String>> consumers = new CopyOnWriteArrayList<>();
    private final List<String> seen = new CopyOnWriteArrayList<>();
    private final AtomicInteger closedWorks = new AtomicInteger();
    private final AtomicInteger toFail = new AtomicInteger();
    private ConsumerLoop<String, String> loop = loop(BackOff.constant(Duration.ofMillis(10)));

    /** Reads from the beginning; fails as often as it is told to, before it has seen a record. */
    private final class Collecting implements ConsumerLoop.Work<String, String> {
        @Override
        public void begin(Consumer<String, String> consumer) {
            consumer.assign(List.of(PARTITION));
            consumer.seekToBeginning(List.of(PARTITION));
        }

        @Override
        public void polled(ConsumerRecords<String, String> records, Consumer<String, String> consumer) {
            if (!records.isEmpty() && toFail.getAndUpdate(n -> Math.max(0, n - 1)) > 0) {
                throw new IllegalStateException("this batch does not go through");
            }
            records.forEach(record -> seen.add(record.value()));
        }

        @Override
        public void close() {
            closedWorks.incrementAndGet();
        }
    }

    @AfterEach
    void stop() {
        loop.close();
    }

    @Test
    void everyPollIsHandedOnUntilTheLoopIsClosed() throws Exception {
        loop.start();
        until(() -> loop.healthy());
        until(() -> seen.equals(List.of("a", "b")));
        loop.close();
        assertThat(loop.healthy()).isFalse();
        assertThat(consumers).hasSize(1).allMatch(MockConsumer::closed);
        assertThat(closedWorks).hasValue(1);
    }

    @Test
    void aBatchThatFailsIsReadAgainByANewConsumer() throws Exception {
        toFail.set(2);
        loop.start();
        until(() -> seen.equals(List.of("a", "b")));
        until(() -> loop.healthy());
        assertThat(consumers).hasSize(3);
        assertThat(consumers.subList(0, 2)).allMatch(MockConsumer::closed);
        assertThat(closedWorks).hasValue(2);
    }

    @Test
    void aFailingBrokerIsWaitedForToo() throws Exception {
        loop.start();
        until(() -> loop.healthy());
        consumers.getFirst().setPollException(new KafkaException("gone"));
        until(() -> consumers.size() == 2 && loop.healthy());
        assertThat(seen).containsExactly("a", "b", "a", "b");
    }

    @Test
    void itIsUnhealthyFromTheFailureUntilABatchIsThroughAndClosesInTheMiddleOfAPause() throws Exception {
        loop.close();
        loop = loop(BackOff.constant(Duration.ofHours(1)));
        toFail.set(1);
        loop.start();
        until(() -> toFail.get() == 0 && closedWorks.get() == 1);
        until(() -> !loop.healthy());
        long start = System.nanoTime();
        loop.close();
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(SOON);
        assertThat(consumers).hasSize(1);
        assertThat(seen).isEmpty();
    }

    @Test
    void anErrorDoesNotEndTheLoop() throws Exception {
        AtomicInteger errors = new AtomicInteger(1);
        loop = new ConsumerLoop<>(pace(BackOff.constant(Duration.ofMillis(10))), this::assigned, () -> {
            Collecting work = new Collecting();
            return new ConsumerLoop.Work<String, String>() {
                @Override
                public void begin(Consumer<String, String> consumer) {
                    work.begin(consumer);
                }

                @Override
                public void polled(ConsumerRecords<String, String> records, Consumer<String, String> consumer) {
                    if (errors.getAndDecrement() > 0) {
                        throw new OutOfMemoryError("not really");
                    }
                    work.polled(records, consumer);
                }
            };
        });
        loop.start();
        until(() -> loop.healthy() && seen.equals(List.of("a", "b")));
        assertThat(consumers).hasSize(2);
    }

    @Test
    void whoseNameAnotherProcessHasTakenDoesNotTakeItBack() throws Exception {
        loop = new ConsumerLoop<>(
                pace(BackOff.constant(Duration.ofMillis(10))),
                this::assigned,
                () -> new ConsumerLoop.Work<String, String>() {
                    @Override
                    public void begin(Consumer<String, String> consumer) {
                        throw new FencedInstanceIdException("another member has this instance id");
                    }

                    @Override
                    public void polled(ConsumerRecords<String, String> records, Consumer<String, String> consumer) {}

                    @Override
                    public void close() {
                        closedWorks.incrementAndGet();
                    }
                });
        loop.start();
        until(() -> closedWorks.get() == 1);
        loop.close(); // returns when the thread has ended
        assertThat(consumers).hasSize(1).allMatch(MockConsumer::closed);
        assertThat(loop.healthy()).isFalse();
    }

    @Test
    void closingBeforeTheStartIsHarmless() {
        loop.close();
        assertThat(loop.healthy()).isFalse();
        assertThat(consumers).isEmpty();
    }

    @Test
    void anOutcomeAndThePositionsGoInOneTransactionAndAFailedOneIsNeverVisible() throws Exception {
        List<MockProducer<byte[], byte[]>> producers = new CopyOnWriteArrayList<>();
        loop = new ConsumerLoop<>(pace(BackOff.constant(Duration.ofMillis(10))), this::subscribed, () -> {
            return new TransactionalWork<>(Topics.INBOX.name(), () -> producer(producers), records -> {
                List<ProducerRecord<byte[], byte[]>> outcome = new ArrayList<>();
                records.forEach(r -> outcome.add(new ProducerRecord<>("out", new byte[0], new byte[0])));
                return outcome;
            });
        });
        loop.start();
        until(() -> producers.size() == 2 && producers.getLast().commitCount() == 1);
        assertThat(producers.getFirst().history()).isEmpty();
        assertThat(producers.getFirst().closed()).isTrue();
        assertThat(producers.getLast().history()).hasSize(2);
        assertThat(producers.getLast().consumerGroupOffsetsHistory())
                .singleElement()
                .satisfies(groups -> assertThat(groups.values())
                        .singleElement()
                        .satisfies(offsets -> assertThat(offsets)
                                .hasEntrySatisfying(
                                        PARTITION,
                                        next -> assertThat(next.offset()).isEqualTo(2))));
    }

    /** The first one cannot commit. */
    private static MockProducer<byte[], byte[]> producer(List<MockProducer<byte[], byte[]>> made) {
        MockProducer<byte[], byte[]> producer =
                new MockProducer<>(true, null, new ByteArraySerializer(), new ByteArraySerializer());
        if (made.isEmpty()) {
            producer.commitTransactionException = new KafkaException("no coordinator");
        }
        made.add(producer);
        return producer;
    }

    private ConsumerLoop<String, String> loop(BackOff backOff) {
        return new ConsumerLoop<>(pace(backOff), this::assigned, Collecting::new);
    }

    private static ConsumerLoop.Pace pace(BackOff backOff) {
        return new ConsumerLoop.Pace("test-loop", Duration.ofMillis(10), backOff, SOON);
    }

    private MockConsumer<String, String> assigned() {
        MockConsumer<String, String> consumer = new MockConsumer<>("earliest");
        consumer.updateBeginningOffsets(Map.of(PARTITION, 0L));
        consumer.schedulePollTask(() -> records(consumer));
        consumers.add(consumer);
        return consumer;
    }

    private MockConsumer<String, String> subscribed() {
        MockConsumer<String, String> consumer = new MockConsumer<>("earliest");
        consumer.updateBeginningOffsets(Map.of(PARTITION, 0L));
        consumer.schedulePollTask(() -> consumer.rebalance(List.of(PARTITION)));
        consumer.schedulePollTask(() -> records(consumer));
        consumers.add(consumer);
        return consumer;
    }

    private static void records(MockConsumer<String, String> consumer) {
        consumer.addRecord(new ConsumerRecord<>(PARTITION.topic(), PARTITION.partition(), 0, "k", "a"));
        consumer.addRecord(new ConsumerRecord<>(PARTITION.topic(), PARTITION.partition(), 1, "k", "b"));
    }

    private static void until(Condition<RuntimeException> condition) throws InterruptedException {
        assertThat(Condition.await(condition, SOON, Duration.ofMillis(5))).isTrue();
    }
}
