package io.palimpsest.platform.cost;

import io.palimpsest.contracts.error.PalimpsestException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Adds up work that comes in many small pieces, and writes it down behind them: a row for each day (UTC), collection, kind and
 * subject of this process's life.
 *
 * <p>Threading: {@link #add} is safe and takes no longer than an addition; one thread of its own writes. Failure: is logged, and
 * written with the next turn. A kill loses what was added since the last turn.
 */
public final class CostMeter implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(CostMeter.class);
    private static final Duration TURN = Duration.ofSeconds(10);

    private final CostBook book;
    private final InstantSource clock;
    private final String life = UUID.randomUUID().toString();
    private final Map<Piece, Sum> sums = new LinkedHashMap<>();
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("cost-meter").factory());

    private record Piece(LocalDate day, Work work) {}

    /** @param nanos of CPU and wall: pieces may be shorter than a millisecond */
    private static final class Sum {
        private final Instant began;
        private Spent all = Spent.NOTHING;
        private long wallNanos;
        private long cpuNanos;
        private boolean written;

        private Sum(Instant began) {
            this.began = began;
        }
    }

    private CostMeter(CostBook book, InstantSource clock) {
        this.book = book;
        this.clock = clock;
    }

    public static CostMeter start(CostBook book, InstantSource clock) {
        CostMeter meter = new CostMeter(book, clock);
        ScheduledFuture<?> unused = meter.timer.scheduleWithFixedDelay(
                meter::writeQuietly, TURN.toMillis(), TURN.toMillis(), TimeUnit.MILLISECONDS);
        return meter;
    }

    /** @param counts its times are not looked at */
    public void add(Work work, Duration wall, long cpuNanos, Spent counts) {
        Instant now = clock.instant();
        Piece piece = new Piece(LocalDate.ofInstant(now, ZoneOffset.UTC), work);
        synchronized (sums) {
            Sum sum = sums.computeIfAbsent(piece, key -> new Sum(now));
            sum.wallNanos += wall.toNanos();
            sum.cpuNanos += cpuNanos;
            sum.all = sum.all.plus(counts);
            sum.written = false;
        }
    }

    /** Writes down what was added since. */
    public void write() {
        List<CostBook.Entry> entries = new ArrayList<>();
        Map<Piece, Sum> taken = new LinkedHashMap<>();
        synchronized (sums) {
            LocalDate today = LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC);
            sums.entrySet()
                    .removeIf(entry ->
                            entry.getValue().written && entry.getKey().day().isBefore(today));
            sums.forEach((piece, sum) -> {
                if (!sum.written) {
                    sum.written = true;
                    taken.put(piece, sum);
                    entries.add(entry(piece, sum));
                }
            });
        }
        try {
            if (!entries.isEmpty()) {
                book.write(entries);
            }
        } catch (RuntimeException e) {
            synchronized (sums) {
                taken.values().forEach(sum -> sum.written = false);
            }
            throw e;
        }
    }

    private CostBook.Entry entry(Piece piece, Sum sum) {
        Work work = piece.work();
        String id = String.join(
                " ",
                life,
                piece.day().toString(),
                work.kind().name(),
                work.collection().toString(),
                work.subject());
        Spent counts = sum.all;
        return new CostBook.Entry(
                id,
                work,
                sum.began,
                new Spent(
                        TimeUnit.NANOSECONDS.toMillis(sum.wallNanos),
                        TimeUnit.NANOSECONDS.toMillis(sum.cpuNanos),
                        counts.documents(),
                        counts.passages(),
                        counts.embedded(),
                        counts.steps(),
                        counts.tokens()));
    }

    private void writeQuietly() {
        try {
            write();
        } catch (PalimpsestException e) {
            LOG.atWarn()
                    .addKeyValue("errorCode", e.code().id())
                    .setCause(e)
                    .log("costs could not be written down; tried again");
        } catch (RuntimeException e) { // an exception would end the timer
            LOG.atError().setCause(e).log("costs could not be written down; tried again");
        }
    }

    @Override
    public void close() {
        timer.shutdownNow();
        writeQuietly();
    }
}
