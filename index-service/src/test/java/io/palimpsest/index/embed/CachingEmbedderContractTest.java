package io.palimpsest.index.embed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.palimpsest.contracts.error.ErrorCode;
import io.palimpsest.contracts.error.PalimpsestException;
import io.palimpsest.contracts.id.ContentHash;
import io.palimpsest.contracts.id.ModelId;
import io.palimpsest.platform.retry.Condition;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Phaser;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntConsumer;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class CachingEmbedderContractTest extends EmbedderContract {
    private final HashingEmbedder model = new HashingEmbedder();
    private final InMemoryEmbeddingCache cache = new InMemoryEmbeddingCache();
    private final CachingEmbedder embedder = new CachingEmbedder(model, cache);

    @Override
    Embedder embedder() {
        return embedder;
    }

    @Test
    void sameTextIsEmbeddedOnceOverCallsAndRestarts() {
        embedder.embed(List.of("a", "b", "a"));
        embedder.embed(List.of("b", "c"));
        new CachingEmbedder(model, cache).embed(List.of("a", "c"));

        assertThat(model.embedded().sum()).isEqualTo(3);
    }

    @Test
    void badVectorInTheCacheIsReplaced() {
        float[] good = model.embed(List.of("a")).getFirst();
        for (float[] bad : List.of(new float[3], new float[64], new float[] {Float.NaN})) {
            cache.put(model.model(), Map.of(ContentHash.ofText("a"), bad));

            assertThat(embedder.embed(List.of("a")).getFirst()).isEqualTo(good);
            assertThat(cache.find(model.model(), Set.of(ContentHash.ofText("a")))
                            .values())
                    .containsExactly(good);
        }
    }

    @Test
    void changingOneVectorLeavesItsTwinAlone() {
        List<float[]> twins = embedder.embed(List.of("a", "a"));
        float[] before = twins.get(1).clone();

        twins.get(0)[0] = 9;

        assertThat(twins.get(1)).isEqualTo(before);
    }

    @Test
    void callsAtTheSameTimeEmbedEachTextOnce() throws Exception {
        CachingEmbedder shared = new CachingEmbedder(slow(model), cache);
        inParallel(4, number -> shared.embed(texts(number * 100, number * 100 + 600)));

        assertThat(model.embedded().sum()).isEqualTo(900);
    }

    @Test
    void whatAnotherCallFailedToEmbedIsEmbeddedByThoseWhoWaited() throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch fail = new CountDownLatch(1);
        AtomicBoolean first = new AtomicBoolean(true);
        CachingEmbedder shared = new CachingEmbedder(
                before(model, () -> {
                    if (first.getAndSet(false)) {
                        begun.countDown();
                        awaited(fail);
                        throw new PalimpsestException(ErrorCode.EMBED_FAILED, "not now");
                    }
                }),
                cache);
        try (ExecutorService threads = Executors.newFixedThreadPool(2)) {
            Future<?> failing = threads.submit(() -> shared.embed(List.of("a", "b")));
            awaited(begun);
            Future<List<float[]>> waiting = threads.submit(() -> shared.embed(List.of("b", "c")));
            assertThat(Condition.await(() -> model.embedded().sum() == 1, Duration.ofSeconds(10), Duration.ofMillis(1)))
                    .as("its own it embeds meanwhile")
                    .isTrue();
            fail.countDown();

            assertThatThrownBy(failing::get).hasCauseInstanceOf(PalimpsestException.class);
            assertThat(waiting.get().getFirst())
                    .isEqualTo(model.embed(List.of("b")).getFirst());
        }
    }

    /** Decision 15: that they go in step is the worst that can happen. */
    @Test
    void twoProcessesWithTheSameLargeDocumentShareTheWorkButForAFewChunks() throws Exception {
        int chunks = 32;
        Phaser step = new Phaser(2);
        inParallel(2, number -> {
            CachingEmbedder process =
                    new CachingEmbedder(before(model, step::arriveAndAwaitAdvance), cache, new Random(number));
            try {
                process.embed(texts(0, chunks * CachingEmbedder.CHUNK));
            } finally {
                step.arriveAndDeregister();
            }
        });

        long twice = model.embedded().sum() - (long) chunks * CachingEmbedder.CHUNK;
        assertThat(twice).isLessThanOrEqualTo(chunks / 4L * CachingEmbedder.CHUNK);
    }

    private static List<String> texts(int from, int to) {
        return IntStream.range(from, to).mapToObj(number -> "text " + number).toList();
    }

    private static void inParallel(int callers, IntConsumer call) throws Exception {
        CyclicBarrier together = new CyclicBarrier(callers);
        try (ExecutorService threads = Executors.newFixedThreadPool(callers)) {
            List<Future<?>> calls = new ArrayList<>();
            for (int i = 0; i < callers; i++) {
                int number = i;
                calls.add(threads.submit(() -> {
                    together.await();
                    call.accept(number);
                    return null;
                }));
            }
            for (Future<?> each : calls) {
                each.get();
            }
        }
    }

    private static Embedder slow(Embedder inner) {
        return before(inner, () -> LockSupport.parkNanos(20_000_000));
    }

    private static void awaited(CountDownLatch latch) {
        try {
            assertThat(latch.await(10, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Embedder before(Embedder inner, Runnable each) {
        return new Embedder() {
            @Override
            public ModelId model() {
                return inner.model();
            }

            @Override
            public int dimensions() {
                return inner.dimensions();
            }

            @Override
            public int maxTokens() {
                return inner.maxTokens();
            }

            @Override
            public List<float[]> embed(List<String> texts) {
                each.run();
                return inner.embed(texts);
            }

            @Override
            public void close() {
                inner.close();
            }
        };
    }

    @Property(tries = 200)
    void embedsExactlyTheDistinctUnseenTexts(
            @ForAll @Size(max = 12) List<@Size(max = 8) List<@IntRange(max = 9) Integer>> calls) {
        HashingEmbedder fresh = new HashingEmbedder(16);
        CachingEmbedder caching = new CachingEmbedder(fresh, new InMemoryEmbeddingCache());
        Set<Integer> seen = new HashSet<>();
        for (List<Integer> call : calls) {
            List<String> texts = new ArrayList<>();
            call.forEach(number -> texts.add("text " + number));
            List<float[]> vectors = caching.embed(texts);
            seen.addAll(call);
            for (int i = 0; i < texts.size(); i++) {
                assertThat(vectors.get(i))
                        .isEqualTo(new HashingEmbedder(16)
                                .embed(List.of(texts.get(i)))
                                .getFirst());
            }
        }
        assertThat(fresh.embedded().sum()).isEqualTo(seen.size());
    }
}
