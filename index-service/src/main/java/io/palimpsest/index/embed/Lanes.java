package io.palimpsest.index.embed;

import io.palimpsest.contracts.error.ErrorCode;
import io.palimpsest.contracts.error.PalimpsestException;
import io.palimpsest.platform.cost.CpuTime;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.IntConsumer;

/**
 * Runs the parts of a call side by side on platform threads: native code would pin a virtual thread to its carrier.
 *
 * <p>Threading: all calls of many parts together run at most {@code width} parts at once, and take turns part by part: a small edit
 * does not wait until a large document is through. A call of one part never waits for them: it is a query, and someone waits
 * for it.
 */
final class Lanes implements AutoCloseable {
    private final ExecutorService threads;
    private final Semaphore bulk;
    private final int width;

    Lanes(String name, int width) {
        this.width = width;
        this.bulk = new Semaphore(width, true);
        this.threads = Executors.newCachedThreadPool(
                Thread.ofPlatform().daemon().name(name + "-", 0).factory());
    }

    /**
     * Runs {@code part} for 0 (inclusive) to {@code parts} (exclusive), started in that order. Failure: the first one of any part.
     *
     * @return nanoseconds of CPU that all parts took together
     */
    long run(int parts, IntConsumer part) {
        if (parts == 0) {
            return 0;
        }
        LongAdder cpu = new LongAdder();
        if (parts == 1) {
            await(List.of(submit(() -> part.accept(0), cpu)));
            return cpu.sum();
        }
        AtomicInteger next = new AtomicInteger();
        List<Future<?>> lanes = new ArrayList<>();
        for (int lane = 0; lane < Math.min(width, parts); lane++) {
            lanes.add(submit(() -> runLane(parts, next, part), cpu));
        }
        await(lanes);
        return cpu.sum();
    }

    private Future<?> submit(Runnable work, LongAdder cpu) {
        try {
            return threads.submit(() -> {
                long began = CpuTime.ofThisThread();
                work.run();
                cpu.add(CpuTime.ofThisThread() - began);
            });
        } catch (RejectedExecutionException e) {
            throw new PalimpsestException(ErrorCode.EMBED_FAILED, "the embedder is closed", e);
        }
    }

    private void runLane(int parts, AtomicInteger next, IntConsumer part) {
        for (int i = next.getAndIncrement(); i < parts; i = next.getAndIncrement()) {
            bulk.acquireUninterruptibly();
            try {
                part.accept(i);
            } catch (Throwable e) {
                next.set(parts);
                throw e;
            } finally {
                bulk.release();
            }
        }
    }

    private static void await(List<Future<?>> lanes) {
        boolean interrupted = false;
        Throwable failure = null;
        for (Future<?> lane : lanes) {
            // Waits through an interrupt: the lanes write into the caller's arrays.
            boolean done = false;
            while (!done) {
                try {
                    lane.get();
                    done = true;
                } catch (InterruptedException e) {
                    interrupted = true;
                } catch (ExecutionException e) {
                    failure = failure == null ? e.getCause() : failure;
                    done = true;
                }
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        if (failure instanceof PalimpsestException known) {
            throw new PalimpsestException(known.code(), String.valueOf(known.getMessage()), known);
        }
        if (failure != null) {
            throw new PalimpsestException(ErrorCode.EMBED_FAILED, "embedding failed", failure);
        }
    }

    @Override
    public void close() {
        threads.shutdown();
    }
}
