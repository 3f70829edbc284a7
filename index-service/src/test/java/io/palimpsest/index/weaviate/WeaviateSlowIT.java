package io.palimpsest.index.weaviate;

import static io.palimpsest.index.passages.Corpus.GENERATION;
import static io.palimpsest.index.passages.Corpus.key;
import static io.palimpsest.index.passages.Corpus.put;
import static org.assertj.core.api.Assertions.assertThat;

import io.palimpsest.index.passages.IndexCounts;
import io.palimpsest.index.passages.IndexedDocument;
import io.palimpsest.index.passages.PassageIndex;
import io.palimpsest.platform.config.WeaviateSettings;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** A server that can do less than it is asked for. */
final class WeaviateSlowIT {
    private static final int PASSAGES = 60;
    private static final int BATCH = 4;
    private static final Duration TIMEOUT = Duration.ofSeconds(2);

    /** Takes one batch at a time, and three of them longer than a request may take. */
    private static final class SlowWrites implements GrpcProxy.Handler {
        private static final long MILLIS = 700;
        private final ReentrantLock one = new ReentrantLock(true);
        private final AtomicInteger here = new AtomicInteger();
        private final AtomicInteger most = new AtomicInteger();
        private final AtomicInteger calls = new AtomicInteger();
        private final AtomicInteger late = new AtomicInteger();

        @Override
        public byte[] answer(byte[] request, UnaryOperator<byte[]> server) {
            calls.incrementAndGet();
            most.accumulateAndGet(here.incrementAndGet(), Math::max);
            long began = System.nanoTime();
            one.lock();
            try {
                Thread.sleep(MILLIS);
                return server.apply(request);
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            } finally {
                one.unlock();
                here.decrementAndGet();
                if (System.nanoTime() - began > TIMEOUT.toNanos()) {
                    late.incrementAndGet();
                }
            }
        }
    }

    @Test
    void slowServerGetsFewerBatchesAtATimeAndEverythingIsWrittenAllTheSame() throws IOException {
        WeaviateSettings settings = TestWeaviate.settings();
        SlowWrites slow = new SlowWrites();
        try (GrpcProxy proxy = new GrpcProxy(settings.grpcHost(), settings.grpcPort());
                PassageIndex index =
                        new WeaviatePassageIndex(TestWeaviate.through(settings, proxy.port(), TIMEOUT, 4, BATCH))) {
            index.createGeneration(GENERATION);
            proxy.on("BatchObjects", slow);
            String[] texts =
                    IntStream.range(0, PASSAGES).mapToObj(i -> "text " + i).toArray(String[]::new);
            long began = System.nanoTime();
            index.apply(GENERATION.id(), List.of(put("a", 1, texts)));
            Duration took = Duration.ofNanos(System.nanoTime() - began);
            assertThat(took)
                    .as("it waited for the server")
                    .isGreaterThan(Duration.ofMillis(SlowWrites.MILLIS * PASSAGES / BATCH));
            // What came too late is still worked on by the server, beside what is sent after it.
            assertThat(slow.most).as("in the server at a time").hasValueLessThanOrEqualTo(2 * Width.MOST);
            assertThat(slow.late).as("failures").hasValueBetween(1, 2 * Width.MOST);
            assertThat(slow.calls).as("batches, again ones among them").hasValueLessThan(4 * PASSAGES / BATCH);
            assertThat(index.counts(GENERATION.id())).isEqualTo(new IndexCounts(1, PASSAGES, 0));
            assertThat(index.document(GENERATION.id(), key("a"), null).map(IndexedDocument::passages))
                    .hasValueSatisfying(passages -> assertThat(passages).hasSize(PASSAGES));
            assertThat(index.traces(GENERATION.id(), key("a")))
                    .as("what failed attempts left is gone")
                    .isEqualTo(1 + PASSAGES);

            int failed = slow.late.get();
            index.apply(GENERATION.id(), List.of(put("b", 1, texts)));
            assertThat(slow.late).as("it knows the server's pace by now").hasValue(failed);
            index.dropGeneration(GENERATION.id());
        }
    }
}
