package io.palimpsest.index.revision;

import static org.assertj.core.api.Assertions.assertThat;

import io.palimpsest.contracts.event.DocumentRevised;
import io.palimpsest.contracts.id.ChangeId;
import io.palimpsest.contracts.id.DocumentKey;
import io.palimpsest.contracts.topic.Topics;
import io.palimpsest.platform.retry.Condition;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class RevisionViewTest {
    private static final Duration SOON = Duration.ofSeconds(20);
    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
    private static final DocumentKey A = DocumentKey.of("acme", "docs", "urn:a");
    private static final DocumentKey B = DocumentKey.of("acme", "docs", "urn:b");
    private static final TopicPartition PARTITION = new TopicPartition(Topics.REVISED.name(), 0);
    private static final Node NODE = new Node(0, "localhost", 9092);

    private final SettableClock clock = new SettableClock();
    private final List<ConsumerRecord<DocumentKey, DocumentRevised>> topic = new ArrayList<>();
    private final List<MockConsumer<DocumentKey, DocumentRevised>> consumers = new CopyOnWriteArrayList<>();
    private final RevisionView view = new RevisionView(this::consumer, clock);

    @AfterEach
    void stop() {
        view.close();
    }

    @Test
    void itIsReadyOnceItHasReachedTheEndThatTheTopicHadAtTheStart() throws Exception {
        publish(A, revised(A, 1));
        publish(B, revised(B, 4));
        publish(A, revised(A, 2));
        assertThat(view.ready()).isFalse();
        assertThat(view.appliedThrough()).isEqualTo(Instant.EPOCH);
        view.start();
        until(view::ready);
        assertThat(view.current(A)).map(DocumentRevised::revision).contains(2L);
        assertThat(view.current(B)).map(DocumentRevised::revision).contains(4L);
        assertThat(view.documents()).isEqualTo(2);
        assertThat(view.appliedThrough()).isEqualTo(START);
    }

    @Test
    void anEmptyTopicIsReadToItsEndAtOnce() throws Exception {
        view.start();
        until(view::ready);
        assertThat(view.documents()).isZero();
        assertThat(view.current(A)).isEmpty();
    }

    @Test
    void whatIsPublishedLaterIsSeenAndTheMomentItIsCompleteThroughMovesOn() throws Exception {
        view.start();
        until(view::ready);
        clock.now.set(START.plusSeconds(60));
        deliver(A, revised(A, 1));
        until(() -> view.current(A).isPresent());
        until(() -> view.appliedThrough().equals(START.plusSeconds(60)));
    }

    @Test
    void aLagIsToldByTheMomentThatStandsStill() throws Exception {
        view.start();
        until(() -> view.appliedThrough().equals(START));
        MockConsumer<DocumentKey, DocumentRevised> reading = consumers.getFirst();
        reading.updateEndOffsets(Map.of(PARTITION, 1L)); // published, not yet fetched
        pollsOf(reading, 2); // by then the view has asked for the ends again
        clock.now.set(START.plusSeconds(60));
        pollsOf(reading, 5);
        assertThat(view.appliedThrough()).isEqualTo(START);
        assertThat(view.ready()).as("it was complete once").isTrue();
        deliver(A, revised(A, 1));
        until(() -> view.appliedThrough().equals(START.plusSeconds(60)));
    }

    @Test
    void aDeletedRevisionIsCurrentAndATombstoneTakesTheDocumentAway() throws Exception {
        publish(A, revised(A, 1));
        view.start();
        until(view::ready);
        deliver(A, revised(A, 2, DocumentRevised.State.DELETED));
        until(() -> state(A).equals(Optional.of(DocumentRevised.State.DELETED)));
        assertThat(view.documents()).isEqualTo(1);
        deliver(A, null);
        until(() -> view.current(A).isEmpty());
        assertThat(view.documents()).isZero();
    }

    @Test
    void anOlderRevisionNeverComesBack() throws Exception {
        publish(A, revised(A, 5));
        publish(A, revised(A, 3));
        view.start();
        until(view::ready);
        assertThat(view.current(A)).map(DocumentRevised::revision).contains(5L);
    }

    @Test
    void afterAFailureItKeepsWhatItHasAndIsReadyAgainOnlyWhenItHasCaughtUpAgain() throws Exception {
        publish(A, revised(A, 7));
        view.start();
        until(view::ready);
        publish(B, revised(B, 1));
        consumers.getFirst().setPollException(new KafkaException("the broker went away"));
        until(() -> !view.ready());
        assertThat(view.current(A)).map(DocumentRevised::revision).contains(7L);
        until(() -> view.ready() && consumers.size() == 2);
        assertThat(view.current(A)).map(DocumentRevised::revision).contains(7L);
        assertThat(view.current(B)).map(DocumentRevised::revision).contains(1L);
        assertThat(consumers.getFirst().closed()).isTrue();
    }

    @Test
    void aMissingTopicIsWaitedForAndCountsAsNotReady() throws Exception {
        RevisionView waiting = new RevisionView(
                () -> {
                    MockConsumer<DocumentKey, DocumentRevised> consumer = new MockConsumer<>("earliest");
                    consumer.updatePartitions(Topics.REVISED.name(), List.of());
                    consumers.add(consumer);
                    return consumer;
                },
                clock);
        waiting.start();
        until(() -> consumers.size() == 1 && consumers.getFirst().closed());
        assertThat(waiting.ready()).isFalse();
        waiting.close();
    }

    private static void pollsOf(MockConsumer<?, ?> consumer, int polls) throws InterruptedException {
        CountDownLatch polled = new CountDownLatch(polls);
        for (int i = 0; i < polls; i++) {
            consumer.schedulePollTask(polled::countDown);
        }
        assertThat(polled.await(SOON.toMillis(), TimeUnit.MILLISECONDS)).isTrue();
    }

    private Optional<DocumentRevised.State> state(DocumentKey key) {
        return view.current(key).map(DocumentRevised::state);
    }

    /** Before a consumer reads. */
    private void publish(DocumentKey key, @Nullable DocumentRevised revised) {
        topic.add(record(key, revised, topic.size()));
    }

    /** To the view as it runs. */
    private void deliver(DocumentKey key, @Nullable DocumentRevised revised) {
        MockConsumer<DocumentKey, DocumentRevised> running = consumers.getLast();
        publish(key, revised);
        running.schedulePollTask(() -> {
            running.addRecord(topic.getLast());
            running.updateEndOffsets(Map.of(PARTITION, (long) topic.size()));
        });
    }

    @SuppressWarnings("NullAway") // a tombstone's value is null
    private static ConsumerRecord<DocumentKey, DocumentRevised> record(
            DocumentKey key, @Nullable DocumentRevised revised, long number) {
        return new ConsumerRecord<>(PARTITION.topic(), PARTITION.partition(), number, key, revised);
    }

    private MockConsumer<DocumentKey, DocumentRevised> consumer() {
        MockConsumer<DocumentKey, DocumentRevised> consumer = new MockConsumer<>("earliest");
        consumer.updatePartitions(
                PARTITION.topic(),
                List.of(new PartitionInfo(PARTITION.topic(), 0, NODE, new Node[] {NODE}, new Node[] {NODE})));
        consumer.updateBeginningOffsets(Map.of(PARTITION, 0L));
        consumer.updateEndOffsets(Map.of(PARTITION, (long) topic.size()));
        List<ConsumerRecord<DocumentKey, DocumentRevised>> published = List.copyOf(topic);
        consumer.schedulePollTask(() -> published.forEach(consumer::addRecord));
        consumers.add(consumer);
        return consumer;
    }

    private static DocumentRevised revised(DocumentKey key, long revision) {
        return revised(key, revision, DocumentRevised.State.LIVE);
    }

    private static DocumentRevised revised(DocumentKey key, long revision, DocumentRevised.State state) {
        return new DocumentRevised(
                key,
                revision,
                revision,
                revision,
                new ChangeId("change-" + revision),
                "/test",
                state,
                null,
                null,
                null,
                0,
                null,
                null,
                null,
                List.of("*"),
                Map.of(),
                false,
                null,
                null,
                null,
                START,
                START);
    }

    private static void until(Condition<RuntimeException> condition) throws InterruptedException {
        assertThat(Condition.await(condition, SOON, Duration.ofMillis(5))).isTrue();
    }

    private static final class SettableClock extends Clock {
        private final AtomicReference<Instant> now = new AtomicReference<>(START);

        @Override
        public Instant instant() {
            return now.get();
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }
    }
}
