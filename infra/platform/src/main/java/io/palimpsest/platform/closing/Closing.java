package io.palimpsest.platform.closing;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Closes what was made, once each, all of it whatever fails: what does is logged.
 *
 * <p>Threading: safe; a part that is added after the close is the next close's.
 */
public final class Closing implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Closing.class);

    private final Deque<AutoCloseable> made = new ArrayDeque<>();
    private final ReentrantLock closes = new ReentrantLock();

    /**
     * For what closes what it is made of: where making it fails, nothing of that is left.
     *
     * @param maker adds each part to what it is given, which is the result's to close
     */
    public static <T> T making(Function<Closing, T> maker) {
        Closing closing = new Closing();
        try {
            return maker.apply(closing);
        } catch (RuntimeException | Error e) {
            closing.close();
            throw e;
        }
    }

    /** @return the part */
    public synchronized <T extends AutoCloseable> T add(T part) {
        made.push(part);
        return part;
    }

    /** Last made first. Idempotent; beside another close it returns when that one has, too. */
    @Override
    public void close() {
        boolean interrupted = Thread.interrupted(); // it would end the wait of each part: the caller has it back
        closes.lock();
        try {
            for (AutoCloseable part = next(); part != null; part = next()) {
                close(part);
                interrupted |= Thread.interrupted();
            }
        } finally {
            closes.unlock();
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** As {@link #close}, but all at the same time, for parts that do not need each other. */
    public void closeTogether() {
        closes.lock();
        try {
            List<CompletableFuture<Void>> ends = new ArrayList<>();
            for (AutoCloseable part = next(); part != null; part = next()) {
                AutoCloseable one = part;
                ends.add(CompletableFuture.runAsync(
                        () -> close(one), // whose parts are not interrupted with the caller
                        command -> Thread.ofPlatform().name("closing").start(command)));
            }
            ends.forEach(CompletableFuture::join);
        } finally {
            closes.unlock();
        }
    }

    private synchronized @Nullable AutoCloseable next() {
        return made.poll();
    }

    private static void close(AutoCloseable part) {
        try {
            part.close();
        } catch (Exception | Error e) { // whatever it is, the others are there, too
            if (e instanceof InterruptedException) {
                Thread.currentThread().interrupt();
            }
            LOG.atWarn()
                    .setCause(e)
                    .log("{} did not close cleanly", part.getClass().getSimpleName());
        }
    }
}
