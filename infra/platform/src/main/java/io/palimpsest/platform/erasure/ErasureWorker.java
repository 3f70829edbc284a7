package io.palimpsest.platform.erasure;

import io.palimpsest.contracts.error.ErrorCode;
import io.palimpsest.contracts.error.PalimpsestException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Does in this process what erasures ask of the stores that it reaches, and makes them known.
 *
 * <p>Threading: one thread of its own between {@link #start} and {@link #close}. Failure: what fails stays open with its code, and is
 * done again at the next look.
 */
public final class ErasureWorker implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ErasureWorker.class);
    /** Arbitrary: an erasure has a dozen steps, and a person waits for it. */
    private static final Duration EVERY = Duration.ofMillis(500);

    private static final long CLOSE_SECONDS = 10;

    private final ErasureTasks tasks;
    private final List<Placed> stores;
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("erasure").factory());
    private boolean known;

    /**
     * A store that this process reaches.
     *
     * @param place empty where every process of the service reaches the same; otherwise what names this one's
     */
    public record Placed(ErasableStore store, String place) {
        /** The same for every process of its service. */
        public static Placed shared(ErasableStore store) {
            return new Placed(store, "");
        }
    }

    public ErasureWorker(ErasureTasks tasks, List<Placed> stores) {
        this.tasks = tasks;
        this.stores = List.copyOf(stores);
    }

    public ErasureWorker start() {
        ScheduledFuture<?> unused =
                timer.scheduleWithFixedDelay(this::look, 0, EVERY.toMillis(), TimeUnit.MILLISECONDS);
        return this;
    }

    private void look() {
        try {
            if (!known) {
                stores.forEach(placed -> tasks.know(placed.store(), placed.place()));
                known = true;
            }
            for (ErasureTasks.Open open : tasks.open()) {
                for (Placed placed : stores) {
                    if (placed.store().name().equals(open.task().store())
                            && placed.place().equals(open.task().place())) {
                        work(placed.store(), open);
                    }
                }
            }
        } catch (PalimpsestException e) {
            LOG.atWarn().addKeyValue("errorCode", e.code().id()).log("erasures are looked at again in {}", EVERY);
        } catch (RuntimeException e) { // an exception would end the timer
            LOG.atError().setCause(e).log("erasures are looked at again in {}", EVERY);
        }
    }

    private void work(ErasableStore store, ErasureTasks.Open open) {
        ErasureTasks.Task task = open.task();
        try {
            Erasing erasing = tasks.erasing(open);
            Object result = switch (task.act()) {
                case FIND -> {
                    store.find(erasing);
                    yield new ErasureTasks.Removed(0);
                }
                case ERASE -> new ErasureTasks.Removed(store.erase(erasing));
                case PROBE -> store.probe(erasing);
            };
            tasks.done(task, result);
        } catch (PalimpsestException e) {
            if (e.code() != ErrorCode.ERASURE_WAITS) {
                told(task, e.code().id(), e);
            }
            tasks.failed(task, e.code().id());
        } catch (RuntimeException e) {
            told(task, ErrorCode.INTERNAL.id(), e);
            tasks.failed(task, ErrorCode.INTERNAL.id());
        }
    }

    private static void told(ErasureTasks.Task task, String code, RuntimeException failure) {
        if (!code.equals(task.errorCode())) { // once, not twice a second
            LOG.atWarn()
                    .addKeyValue("errorCode", code)
                    .setCause(failure)
                    .log("erasure {}: {} of {} is tried again", task.erasureId(), task.act(), task.store());
        }
    }

    @Override
    public void close() throws InterruptedException {
        timer.shutdownNow();
        boolean unused = timer.awaitTermination(CLOSE_SECONDS, TimeUnit.SECONDS);
    }
}
