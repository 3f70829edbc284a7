package io.palimpsest.index.embed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.palimpsest.contracts.error.ErrorCode;
import io.palimpsest.contracts.error.PalimpsestException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class LanesTest {
    private final Lanes lanes = new Lanes("lanes-test", 2);

    private final ExecutorService callers = Executors.newCachedThreadPool();

    @AfterEach
    void close() {
        callers.shutdown();
        lanes.close();
    }

    @Test
    void everyPartRunsOnceAndNoMoreAtOnceThanThereAreLanes() {
        AtomicInteger running = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        AtomicInteger[] runs = new AtomicInteger[100];
        lanes.run(runs.length, part -> {
            most.accumulateAndGet(running.incrementAndGet(), Math::max);
            runs[part] = new AtomicInteger(1);
            running.decrementAndGet();
        });

        assertThat(runs).doesNotContainNull();
        assertThat(most.get()).isBetween(1, 2);
    }

    @Test
    void aSmallCallIsThroughBeforeALargeOneThatBeganEarlier() throws Exception {
        Semaphore steps = new Semaphore(0);
        CountDownLatch begun = new CountDownLatch(2);
        CompletableFuture<Void> first = CompletableFuture.runAsync(
                () -> lanes.run(100, part -> {
                    begun.countDown();
                    steps.acquireUninterruptibly();
                }),
                callers);
        assertThat(begun.await(10, TimeUnit.SECONDS)).isTrue();

        CompletableFuture<Void> second = CompletableFuture.runAsync(() -> lanes.run(2, part -> {}), callers);
        for (int step = 0; step < 90 && !isDoneWithin(second, 50); step++) {
            steps.release();
        }

        assertThat(second).isDone();
        steps.release(1000);
        first.get(10, TimeUnit.SECONDS);
    }

    private static boolean isDoneWithin(CompletableFuture<Void> call, long millis) throws Exception {
        try {
            call.get(millis, TimeUnit.MILLISECONDS);
            return true;
        } catch (TimeoutException e) {
            return false;
        }
    }

    @Test
    void theFirstFailureEndsTheCall() {
        assertThatThrownBy(() -> lanes.run(1000, part -> {
                    throw new PalimpsestException(ErrorCode.EMBED_FAILED, "part " + part);
                }))
                .isInstanceOfSatisfying(
                        PalimpsestException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.EMBED_FAILED));
    }
}
