package io.palimpsest.index.weaviate;

import io.palimpsest.contracts.error.ErrorCode;
import io.palimpsest.contracts.error.PalimpsestException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.BiFunction;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Requests that need not wait for each other, sent at the same time. Threading: any. */
final class Together implements AutoCloseable {
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final Width width = new Width();

    /** Both at the same time. */
    <A, B, C> C both(Supplier<A> one, Supplier<B> other, BiFunction<A, B, C> join) {
        CompletableFuture<A> first = CompletableFuture.supplyAsync(one, threads);
        B second;
        try {
            second = other.get();
        } catch (RuntimeException e) {
            first.cancel(true);
            throw e;
        }
        try {
            return join.apply(first.join(), second);
        } catch (CompletionException e) {
            throw cause(e);
        }
    }

    /** All of them, and waits for all, whatever fails; then throws what failed first in the list. */
    void all(List<Runnable> tasks) {
        if (tasks.size() == 1) {
            tasks.getFirst().run();
            return;
        }
        List<CompletableFuture<Void>> running = new ArrayList<>();
        tasks.forEach(task -> running.add(CompletableFuture.runAsync(task, threads)));
        RuntimeException failed = null;
        for (CompletableFuture<Void> one : running) {
            @Nullable RuntimeException failure = failure(one);
            failed = failed == null ? failure : failed;
        }
        if (failed != null) {
            throw failed;
        }
    }

    /** Waits while as many are on their way as the server should have to bear. */
    <T> T inTurn(Supplier<T> request) {
        width.enter();
        boolean late = false;
        try {
            return request.get();
        } catch (PalimpsestException e) {
            late = e.code() == ErrorCode.INDEX_UNAVAILABLE;
            throw e;
        } finally {
            width.leave(late);
        }
    }

    private static @Nullable RuntimeException failure(CompletableFuture<Void> one) {
        try {
            one.join();
            return null;
        } catch (CompletionException e) {
            return cause(e);
        }
    }

    private static RuntimeException cause(CompletionException e) {
        return e.getCause() instanceof RuntimeException cause ? cause : e;
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }
}
