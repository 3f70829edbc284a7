package io.palimpsest.platform.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import io.palimpsest.contracts.topic.Topics;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;

final class TransactionalWorkTest {
    private static final TopicPartition PARTITION = new TopicPartition(Topics.INBOX.name(), 0);

    private final MockConsumer<String, String> consumer = new MockConsumer<>("earliest");
    private final MockProducer<byte[], byte[]> producer =
            new MockProducer<>(true, null, new ByteArraySerializer(), new ByteArraySerializer());
    private final AtomicLong now = new AtomicLong(-5);
    private final List<List<String>> steps = new ArrayList<>();
    private int polled;

    @Test
    void positionsOfBatchesThatCameToNothingGoWithTheNextOutcome() {
        TransactionalWork<String, String> work = begun(Long.MAX_VALUE);
        for (int i = 0; i < 1000; i++) {
            work.polled(records("skipped"), consumer);
        }
        assertThat(producer.commitCount()).isZero();
        work.polled(records("taken"), consumer);
        assertThat(producer.commitCount()).isEqualTo(1);
        assertThat(committed()).containsExactly(1001L);
        assertThat(producer.history()).hasSize(1);
    }

    @Test
    void theyAreCommittedAloneWhenNothingComesForASecond() {
        TransactionalWork<String, String> work = begun(Long.MAX_VALUE);
        work.polled(records("skipped"), consumer);
        now.addAndGet(Duration.ofMillis(999).toNanos());
        work.polled(ConsumerRecords.empty(), consumer);
        assertThat(producer.commitCount()).isZero();
        now.addAndGet(Duration.ofMillis(1).toNanos());
        work.polled(ConsumerRecords.empty(), consumer);
        assertThat(committed()).containsExactly(1L);
        now.addAndGet(Duration.ofHours(1).toNanos());
        work.polled(ConsumerRecords.empty(), consumer);
        assertThat(producer.commitCount()).isEqualTo(1);
    }

    @Test
    void aPartitionThatIsTakenAwayGoesWithItsPositionAndALostOneWithout() {
        TransactionalWork<String, String> work = begun(Long.MAX_VALUE);
        work.polled(records("skipped"), consumer);
        consumer.rebalance(List.of());
        assertThat(committed()).containsExactly(1L);
        consumer.rebalance(List.of(PARTITION));
        work.polled(records("skipped"), consumer);
        work.close();
        consumer.rebalance(List.of());
        assertThat(producer.commitCount()).isEqualTo(1);
    }

    @Test
    void stepsAreCutByWeightAndEachIsATransactionWithItsOwnPosition() {
        TransactionalWork<String, String> work = begun(10);
        work.polled(records("aaaa", "bbbb", "", "ccc", "dddddddddddddddd", "", "e"), consumer);
        assertThat(steps)
                .containsExactly(
                        List.of("aaaa", "bbbb", ""), List.of("ccc"), List.of("dddddddddddddddd", ""), List.of("e"));
        assertThat(committed()).containsExactly(3L, 4L, 6L, 7L);
        assertThat(producer.commitCount()).isEqualTo(4);
    }

    private List<Long> committed() {
        return producer.consumerGroupOffsetsHistory().stream()
                .flatMap(groups -> groups.values().stream())
                .map(offsets -> Objects.requireNonNull(offsets.get(PARTITION)).offset())
                .toList();
    }

    private TransactionalWork<String, String> begun(long most) {
        TransactionalWork<String, String> work = new TransactionalWork<>(
                PARTITION.topic(),
                () -> producer,
                new TransactionalWork.Share<>(record -> record.value().length(), most),
                records -> {
                    List<String> step = new ArrayList<>();
                    List<ProducerRecord<byte[], byte[]>> outcome = new ArrayList<>();
                    for (ConsumerRecord<String, String> record : records) {
                        step.add(record.value());
                        if (!record.value().equals("skipped")) {
                            outcome.add(new ProducerRecord<>("out", new byte[0], new byte[0]));
                        }
                    }
                    steps.add(step);
                    return outcome;
                },
                now::get);
        work.begin(consumer);
        consumer.rebalance(List.of(PARTITION));
        return work;
    }

    private ConsumerRecords<String, String> records(String... values) {
        List<ConsumerRecord<String, String>> records = new ArrayList<>();
        for (String value : values) {
            records.add(new ConsumerRecord<>(PARTITION.topic(), PARTITION.partition(), polled++, "k", value));
        }
        return new ConsumerRecords<>(Map.of(PARTITION, records), Map.of(PARTITION, new OffsetAndMetadata(polled)));
    }
}
