package io.palimpsest.index.querylog;

import static org.assertj.core.api.Assertions.assertThat;

import io.palimpsest.contracts.event.QueryServed;
import io.palimpsest.contracts.id.CollectionKey;
import io.palimpsest.contracts.id.GenerationId;
import io.palimpsest.contracts.id.ModelId;
import io.palimpsest.contracts.topic.Topics;
import java.time.Instant;
import java.util.concurrent.CountDownLatch;
import org.apache.kafka.clients.producer.MockProducer;
import org.junit.jupiter.api.Test;

final class QueryFactPublisherTest {
    private final MockProducer<String, QueryServed> producer = new MockProducer<>(
            true,
            null,
            Topics.QUERY_SERVED.key().serializer(),
            Topics.QUERY_SERVED.value().serializer());

    private static QueryServed fact(String id) {
        return new QueryServed(
                id,
                CollectionKey.of("acme", "docs"),
                new GenerationId("g"),
                new ModelId("m"),
                false,
                1,
                0.5,
                null,
                3,
                7,
                null,
                Instant.EPOCH);
    }

    @Test
    void whatWasServedIsSentUnderItsCollectionBeforeTheEnd() throws Exception {
        try (QueryFactPublisher publisher = new QueryFactPublisher(producer, 10)) {
            publisher.offer(() -> fact("a"));
            publisher.offer(() -> fact("b"));
        }
        assertThat(producer.history()).hasSize(2).allSatisfy(record -> {
            assertThat(record.topic()).isEqualTo(Topics.QUERY_SERVED.name());
            assertThat(record.key()).isEqualTo("acme/docs");
        });
    }

    @Test
    void whatDoesNotFitOrCannotBeMadeIsCountedAndHoldsUpNothing() throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch blocked = new CountDownLatch(1);
        try (QueryFactPublisher publisher = new QueryFactPublisher(producer, 2)) {
            publisher.offer(() -> {
                begun.countDown();
                await(blocked);
                throw new IllegalStateException("cannot be made");
            });
            await(begun);
            publisher.offer(() -> fact("a"));
            publisher.offer(() -> fact("b"));
            publisher.offer(() -> fact("lost"));
            assertThat(publisher.dropped()).isEqualTo(1);
            blocked.countDown();
            publisher.close();
            assertThat(publisher.dropped()).isEqualTo(2);
        }
        assertThat(producer.history())
                .extracting(record -> record.value().queryId())
                .containsExactly("a", "b");
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
