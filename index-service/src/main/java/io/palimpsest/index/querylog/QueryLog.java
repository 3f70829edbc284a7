package io.palimpsest.index.querylog;

import io.palimpsest.contracts.error.ErrorCode;
import io.palimpsest.contracts.error.PalimpsestException;
import io.palimpsest.contracts.id.DocumentKey;
import io.palimpsest.index.receipt.KeptReceipt;
import io.palimpsest.platform.retry.BackOff;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The query log in the database, written behind the searches by one thread. Documents that were shown may be erased meanwhile:
 * suppressions are asked for after each write, so a record is either found by the erasure, or taken out here.
 *
 * <p>Failure: what the queue or the database does not take is counted in {@link #dropped} and logged, never silent.
 */
public final class QueryLog implements QueryRecords, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(QueryLog.class);
    private static final int BATCH = 200;
    private static final int ATTEMPTS = 5;
    private static final BackOff BACK_OFF = new BackOff(Duration.ofMillis(200), Duration.ofSeconds(2));
    private static final Duration PURGE_EVERY = Duration.ofHours(1);
    private final QueryRows rows;
    private final UnaryOperator<Set<DocumentKey>> erased;
    private final Beside beside;
    private final Duration retention;
    private final Clock clock;
    private final BlockingQueue<QueryRecord> queue;
    private final AtomicLong dropped = new AtomicLong();
    private final Thread writer;
    private Instant purgedAt = Instant.EPOCH;
    private volatile boolean open = true;

    /**
     * What else comes of a record.
     *
     * @param receipt made of it; empty for none
     * @param kept told of receipts once they are in the database; must not wait
     */
    public record Beside(Function<QueryRecord, Optional<KeptReceipt>> receipt, Consumer<List<KeptReceipt>> kept) {
        public static final Beside NOTHING = new Beside(asked -> Optional.empty(), receipts -> {});
    }

    /**
     * @param erased those of some documents that may not be named any more
     * @param capacity records that may wait for the database
     */
    public QueryLog(
            QueryRows rows,
            UnaryOperator<Set<DocumentKey>> erased,
            Beside beside,
            Duration retention,
            int capacity,
            Clock clock) {
        this.rows = rows;
        this.erased = erased;
        this.beside = beside;
        this.retention = retention;
        this.clock = clock;
        this.queue = new ArrayBlockingQueue<>(capacity);
        this.writer = Thread.ofPlatform().name("query-log").daemon().start(this::writeUntilClosed);
    }

    @Override
    public void offer(QueryRecord asked) {
        if (!open || !queue.offer(asked)) {
            drop(1, null);
        }
    }

    /** Records that were lost since the start. */
    public long dropped() {
        return dropped.get();
    }

    /** Writes what is waiting, then ends. */
    @Override
    public void close() throws InterruptedException {
        open = false;
        writer.join();
    }

    private void writeUntilClosed() {
        List<QueryRecord> batch = new ArrayList<>(BATCH);
        while (open || !queue.isEmpty()) {
            try {
                QueryRecord first = queue.poll(100, TimeUnit.MILLISECONDS);
                if (first != null) {
                    batch.add(first);
                    queue.drainTo(batch, BATCH - 1);
                    write(batch);
                    batch.clear();
                }
                purge();
            } catch (InterruptedException e) {
                open = false;
                drop(queue.size(), e);
                return;
            }
        }
    }

    private void write(List<QueryRecord> batch) throws InterruptedException {
        // Once: a batch that is tried again must have the salts that it may be there with already.
        List<QueryRows.Kept> kept = batch.stream()
                .map(asked -> new QueryRows.Kept(asked, receipt(asked)))
                .toList();
        for (int attempt = 1; ; attempt++) {
            try {
                rows.insert(kept);
                beside.kept()
                        .accept(withoutErased(kept).stream()
                                .map(QueryRows.Kept::receipt)
                                .filter(Objects::nonNull)
                                .toList());
                return;
            } catch (RuntimeException e) {
                if (attempt == ATTEMPTS || !open) {
                    drop(batch.size(), e);
                    return;
                }
                Thread.sleep(BACK_OFF.after(attempt));
            }
        }
    }

    /** What stays, after the others have been removed. */
    private List<QueryRows.Kept> withoutErased(List<QueryRows.Kept> written) {
        Set<DocumentKey> gone = erased.apply(
                written.stream().flatMap(kept -> kept.asked().documents()).collect(Collectors.toSet()));
        Predicate<QueryRows.Kept> late = kept -> kept.asked().documents().anyMatch(gone::contains);
        rows.remove(written.stream().filter(late).toList());
        return written.stream().filter(late.negate()).toList();
    }

    /** A record whose receipt cannot be made is kept without one. */
    private @Nullable KeptReceipt receipt(QueryRecord asked) {
        try {
            return beside.receipt().apply(asked).orElse(null);
        } catch (RuntimeException e) {
            LOG.atError()
                    .addKeyValue("errorCode", ErrorCode.INTERNAL.id())
                    .setCause(e)
                    .log("query {} gets no receipt", asked.queryId());
            return null;
        }
    }

    private void purge() {
        Instant now = clock.instant();
        if (purgedAt.plus(PURGE_EVERY).isAfter(now)) {
            return;
        }
        purgedAt = now;
        try {
            rows.purge(now.minus(retention));
        } catch (RuntimeException e) {
            ErrorCode code = e instanceof PalimpsestException ours ? ours.code() : ErrorCode.INTERNAL;
            LOG.atWarn().addKeyValue("errorCode", code.id()).log("old query records could not be removed yet");
        }
    }

    private void drop(int records, @Nullable Throwable cause) {
        long total = dropped.addAndGet(records);
        LOG.atWarn().setCause(cause).log("{} query records lost, {} since the start", records, total);
    }
}
