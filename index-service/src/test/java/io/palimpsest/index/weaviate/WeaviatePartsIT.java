package io.palimpsest.index.weaviate;

import static io.palimpsest.index.passages.Corpus.GENERATION;
import static io.palimpsest.index.passages.Corpus.key;
import static io.palimpsest.index.passages.Corpus.put;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import io.palimpsest.contracts.error.ErrorCode;
import io.palimpsest.contracts.error.PalimpsestException;
import io.palimpsest.index.passages.DocumentWrite;
import io.palimpsest.index.passages.IndexCounts;
import io.palimpsest.index.passages.PassageIndex;
import io.palimpsest.platform.config.WeaviateSettings;
import io.weaviate.client6.v1.api.collections.query.Filter;
import io.weaviate.client6.v1.internal.grpc.protocol.WeaviateProtoBatch.BatchObjectsReply;
import io.weaviate.client6.v1.internal.grpc.protocol.WeaviateProtoBatch.BatchObjectsRequest;
import io.weaviate.client6.v1.internal.grpc.protocol.WeaviateProtoBatchDelete.BatchDeleteObject;
import io.weaviate.client6.v1.internal.grpc.protocol.WeaviateProtoBatchDelete.BatchDeleteReply;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Requests of which the server does a part only. */
final class WeaviatePartsIT {
    private static final int MORE_THAN_A_PAGE = Engine.MAX_RESULTS + 500;
    private static final Duration TIMEOUT = Duration.ofSeconds(20);
    private static final int ID_BYTES = 16;
    private final WeaviateSettings settings = TestWeaviate.settings();
    private final String passages =
            new Shelf(settings.prefix(), GENERATION).passages().collection();

    @AfterEach
    void dropGenerations() {
        try (PassageIndex index = new WeaviatePassageIndex(settings)) {
            index.generations().forEach(generation -> index.dropGeneration(generation.id()));
        }
    }

    /** It says how many match, deletes 10,000 of them, and reports no failure. */
    @Test
    void purgeGoesBeyondWhatTheServerDeletesAtATimeEvenWithASingleAttempt() {
        WeaviateSettings once = TestWeaviate.through(settings, settings.grpcPort(), TIMEOUT, 1, 1_000);
        Filter ended = Filter.property(Fields.UNTIL).lte(5L);
        Place revisions = new Shelf(settings.prefix(), GENERATION).revisions();
        try (PassageIndex index = new WeaviatePassageIndex(once);
                Engine engine = new Engine(Connection.open(once))) {
            index.createGeneration(GENERATION);
            List<Item> many = new ArrayList<>();
            for (int i = 0; i < MORE_THAN_A_PAGE; i++) {
                Map<String, Object> properties = Map.of(Fields.UNTIL, 5L, Fields.WRITER, "w", Fields.BATCH, (long) i);
                many.add(new Item(UUID.randomUUID().toString(), properties, null, 0));
            }
            engine.writes().insert(revisions, many);
            assertThat(engine.reads().count(revisions, ended)).isEqualTo(MORE_THAN_A_PAGE);
            index.purgeHistory(GENERATION.id(), Instant.ofEpochMilli(5));
            assertThat(engine.reads().count(revisions, ended)).isZero();
        }
    }

    /** Takes every second object of one batch of passages, and says of the others what went wrong. */
    private final class HalfABatch implements GrpcProxy.Handler {
        private final String error;
        private final AtomicInteger halved = new AtomicInteger();

        HalfABatch(String error) {
            this.error = error;
        }

        @Override
        public byte[] answer(byte[] request, UnaryOperator<byte[]> server) throws IOException {
            BatchObjectsRequest asked = BatchObjectsRequest.parseFrom(request);
            boolean hit = asked.getObjectsCount() > 1
                    && asked.getObjects(0).getCollection().equals(passages)
                    && halved.getAndIncrement() == 0;
            if (!hit) {
                return server.apply(request);
            }
            BatchObjectsRequest.Builder some = asked.toBuilder().clearObjects();
            BatchObjectsReply.Builder reply = BatchObjectsReply.newBuilder();
            for (int i = 0; i < asked.getObjectsCount(); i++) {
                if (i % 2 == 0) {
                    some.addObjects(asked.getObjects(i));
                } else {
                    reply.addErrors(BatchObjectsReply.BatchError.newBuilder()
                            .setIndex(i)
                            .setError(error));
                }
            }
            assertThat(BatchObjectsReply.parseFrom(server.apply(some.build().toByteArray()))
                            .getErrorsList())
                    .isEmpty();
            return reply.build().toByteArray();
        }
    }

    private static final String[] TEXTS = {"b0", "b1", "b2", "b3", "b4", "b5", "b6", "b7"};

    /** The old revision and its two passages, the new one and its eight; nothing of an attempt that failed. */
    private static void assertWhole(PassageIndex index) {
        assertThat(index.counts(GENERATION.id())).isEqualTo(new IndexCounts(1, TEXTS.length, 2));
        assertThat(index.traces(GENERATION.id(), key("a"))).isEqualTo(1 + 2 + 1 + TEXTS.length);
    }

    @Test
    void batchOfWhichSomeObjectsCameTooLateIsWrittenAgainAsAWhole() throws IOException {
        HalfABatch half = new HalfABatch("context deadline exceeded");
        try (GrpcProxy proxy = new GrpcProxy(settings.grpcHost(), settings.grpcPort());
                PassageIndex index =
                        new WeaviatePassageIndex(TestWeaviate.through(settings, proxy.port(), TIMEOUT, 3, 200))) {
            index.createGeneration(GENERATION);
            index.apply(GENERATION.id(), List.of(put("a", 1, "a0", "a1")));
            proxy.on("BatchObjects", half);
            index.apply(GENERATION.id(), List.of(put("a", 2, TEXTS)));
            assertThat(half.halved).hasValueGreaterThan(1);
            assertWhole(index);
        }
    }

    @Test
    void batchOfWhichSomeObjectsWereRefusedIsNotVisibleAndTheNextAttemptLeavesNothingOfIt() throws IOException {
        HalfABatch half = new HalfABatch("of no use");
        try (GrpcProxy proxy = new GrpcProxy(settings.grpcHost(), settings.grpcPort());
                PassageIndex index =
                        new WeaviatePassageIndex(TestWeaviate.through(settings, proxy.port(), TIMEOUT, 3, 200))) {
            index.createGeneration(GENERATION);
            index.apply(GENERATION.id(), List.of(put("a", 1, "a0", "a1")));
            proxy.on("BatchObjects", half);
            List<DocumentWrite> batch = List.of(put("a", 2, TEXTS));
            assertThatThrownBy(() -> index.apply(GENERATION.id(), batch))
                    .hasMessageContaining("refuses an object")
                    .hasMessageContaining(passages)
                    .isInstanceOfSatisfying(
                            PalimpsestException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INDEX_REFUSED));
            assertThat(index.counts(GENERATION.id())).isEqualTo(new IndexCounts(1, 2, 0));
            index.apply(GENERATION.id(), batch);
            assertWhole(index);
        }
    }

    /** So many times nothing is deleted, and two of three objects are said to have failed. */
    private static final class FailedDeletes implements GrpcProxy.Handler {
        private final int times;
        private final boolean anyDone;
        private final AtomicInteger calls = new AtomicInteger();

        FailedDeletes(int times, boolean anyDone) {
            this.times = times;
            this.anyDone = anyDone;
        }

        @Override
        public byte[] answer(byte[] request, UnaryOperator<byte[]> server) {
            if (calls.getAndIncrement() >= times) {
                return server.apply(request);
            }
            BatchDeleteReply.Builder reply = BatchDeleteReply.newBuilder().setMatches(3);
            for (int i = 0; i < 3; i++) {
                boolean done = anyDone && i == 0;
                reply.addObjects(BatchDeleteObject.newBuilder()
                        .setUuid(ByteString.copyFrom(new byte[ID_BYTES]))
                        .setSuccessful(done)
                        .setError(done ? "" : "context deadline exceeded"));
            }
            return reply.setSuccessful(anyDone ? 1 : 0)
                    .setFailed(anyDone ? 2 : 3)
                    .build()
                    .toByteArray();
        }
    }

    @Test
    void deleteThatFailedInPartGoesOnUntilNothingIsLeft() throws IOException {
        FailedDeletes failing = new FailedDeletes(2, true);
        assertPurged(failing, false);
        assertThat(failing.calls).hasValueGreaterThan(2);
    }

    @Test
    void deleteThatDoesNothingIsGivenUpAndTheNextOneDoesAll() throws IOException {
        assertPurged(new FailedDeletes(3, false), true);
    }

    private void assertPurged(FailedDeletes failing, boolean givenUp) throws IOException {
        try (GrpcProxy proxy = new GrpcProxy(settings.grpcHost(), settings.grpcPort());
                PassageIndex index =
                        new WeaviatePassageIndex(TestWeaviate.through(settings, proxy.port(), TIMEOUT, 3, 200))) {
            index.createGeneration(GENERATION);
            index.apply(GENERATION.id(), List.of(put("a", 1, "a0", "a1", "a2")));
            DocumentWrite second = put("a", 2, "b0");
            index.apply(GENERATION.id(), List.of(second));
            assertThat(index.counts(GENERATION.id())).isEqualTo(new IndexCounts(1, 1, 3));
            proxy.on("BatchDelete", failing);
            if (givenUp) {
                assertThatThrownBy(() -> index.purgeHistory(GENERATION.id(), second.at()))
                        .hasMessageContaining("deleting 3 of 3 objects from " + passages)
                        .hasMessageContaining("3 attempts")
                        .isInstanceOfSatisfying(
                                PalimpsestException.class,
                                e -> assertThat(e.code()).isEqualTo(ErrorCode.INDEX_UNAVAILABLE));
            }
            assertThat(index.purgeHistory(GENERATION.id(), second.at())).isEqualTo(3);
            assertThat(index.counts(GENERATION.id())).isEqualTo(new IndexCounts(1, 1, 0));
            assertThat(index.traces(GENERATION.id(), key("a"))).isEqualTo(2);
        }
    }
}
