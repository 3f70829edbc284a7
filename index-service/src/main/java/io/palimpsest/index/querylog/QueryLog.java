package io.palimpsest.index.querylog;

import io.palimpsest.contracts.error.PalimpsestException;
import io.palimpsest.contracts.event.Json;
import io.palimpsest.contracts.id.GenerationId;
import io.palimpsest.contracts.id.ModelId;
import io.palimpsest.platform.database.Sql;
import io.palimpsest.platform.querylog.QueryCipher;
import io.palimpsest.platform.retry.BackOff;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The query log in the database, written behind the searches by one thread.
 *
 * <p>Failure: what the queue or the database does not take is counted in {@link #dropped} and logged, never silent.
 */
public final class QueryLog implements QueryRecords, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(QueryLog.class);
    private static final int BATCH = 200;
    private static final int ATTEMPTS = 5;
    private static final BackOff BACK_OFF = new BackOff(Duration.ofMillis(200), Duration.ofSeconds(2));
    private static final Duration PURGE_EVERY = Duration.ofHours(1);
    private static final String INSERT = "INSERT INTO query_log"
            + " (query_id, tenant, collection, generation, model, hits, asked_at, sealed)"
            // A batch that is tried again may be there already.
            + " VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (query_id) DO NOTHING";

    private final Sql sql;
    private final QueryCipher cipher;
    private final Duration retention;
    private final Clock clock;
    private final BlockingQueue<QueryRecord> queue;
    private final AtomicLong dropped = new AtomicLong();
    private final Thread writer;
    private Instant purgedAt = Instant.EPOCH;
    private volatile boolean open = true;

    /** @param capacity records that may wait for the database */
    public QueryLog(Sql sql, QueryCipher cipher, Duration retention, int capacity, Clock clock) {
        this.sql = sql;
        this.cipher = cipher;
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

    public Optional<QueryRecord> find(String queryId) {
        return sql.first("SELECT sealed FROM query_log WHERE query_id = ?", row -> row.getString(1), queryId)
                .map(row -> Json.read(
                        cipher.open(Base64.getDecoder().decode(row), queryId.getBytes(StandardCharsets.UTF_8)),
                        QueryRecord.class));
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
        for (int attempt = 1; ; attempt++) {
            try {
                List<@Nullable Object[]> rows = batch.stream().map(this::row).toList();
                sql.inTransaction(transaction -> {
                    transaction.updateAll(INSERT, rows);
                    return rows.size();
                });
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

    private @Nullable Object[] row(QueryRecord asked) {
        GenerationId generation = asked.generation();
        ModelId model = asked.model();
        byte[] sealed = cipher.seal(Json.write(asked), asked.queryId().getBytes(StandardCharsets.UTF_8));
        return new @Nullable Object[] {
            asked.queryId(),
            asked.collection().tenant().value(),
            asked.collection().collection().value(),
            generation == null ? null : generation.value(),
            model == null ? null : model.value(),
            asked.shown().size(),
            asked.askedAt().toEpochMilli(),
            Base64.getEncoder().encodeToString(sealed)
        };
    }

    private void purge() {
        Instant now = clock.instant();
        if (purgedAt.plus(PURGE_EVERY).isAfter(now)) {
            return;
        }
        purgedAt = now;
        try {
            sql.update(
                    "DELETE FROM query_log WHERE asked_at < ?",
                    now.minus(retention).toEpochMilli());
        } catch (PalimpsestException e) {
            LOG.atWarn().addKeyValue("errorCode", e.code().id()).log("old query records could not be removed yet");
        }
    }

    private void drop(int records, @Nullable Throwable cause) {
        long total = dropped.addAndGet(records);
        LOG.atWarn().setCause(cause).log("{} query records lost, {} since the start", records, total);
    }
}
