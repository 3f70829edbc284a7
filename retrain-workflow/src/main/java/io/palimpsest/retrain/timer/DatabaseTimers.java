package io.palimpsest.retrain.timer;

import io.palimpsest.platform.database.Sql;
import io.palimpsest.platform.lease.Lease;
import io.palimpsest.platform.lease.Leases;
import io.palimpsest.platform.retry.BackOff;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Timers where the workflow server has none: the next due time is a row, which moves on when it has been acted on.
 *
 * <p>Threading: safe; one thread of its own until {@link #close}. Of several processes one acts: it holds a lease.
 */
public final class DatabaseTimers implements Timers {
    private static final Logger LOG = LoggerFactory.getLogger(DatabaseTimers.class);
    /** Times are hours apart; a tenth of a second is for nobody. Arbitrary. */
    private static final Duration LOOK = Duration.ofSeconds(1);

    private static final BackOff BACK_OFF = new BackOff(LOOK, Duration.ofMinutes(1));

    private final Sql sql;
    private final Leases leases;
    private final InstantSource clock;
    private final Handler handler;
    private final Set<String> kept = ConcurrentHashMap.newKeySet();
    private final CountDownLatch closing = new CountDownLatch(1);
    private final Thread thread;
    private int failures;

    private record Row(Rhythm rhythm, Instant due) {}

    public DatabaseTimers(Sql sql, Leases leases, InstantSource clock, Handler handler) {
        this.sql = sql;
        this.leases = leases;
        this.clock = clock;
        this.handler = handler;
        this.thread = Thread.ofPlatform().name("timers").daemon().start(this::run);
    }

    @Override
    public void keep(String timer, Rhythm rhythm) {
        sql.update(
                "INSERT INTO timer (timer_id, every_ms, offset_ms, due_at) VALUES (?, ?, ?, ?)"
                        + " ON CONFLICT (timer_id) DO UPDATE SET every_ms = excluded.every_ms,"
                        + " offset_ms = excluded.offset_ms, due_at = excluded.due_at"
                        + " WHERE timer.every_ms <> excluded.every_ms OR timer.offset_ms <> excluded.offset_ms",
                timer,
                rhythm.every().toMillis(),
                rhythm.offset().toMillis(),
                rhythm.after(clock.instant()).toEpochMilli());
        kept.add(timer);
    }

    @Override
    public void drop(String timer) {
        kept.remove(timer);
        sql.update("DELETE FROM timer WHERE timer_id = ?", timer);
    }

    @Override
    public void close() {
        closing.countDown();
        thread.interrupt();
        try {
            thread.join(TimeUnit.SECONDS.toMillis(10));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        try {
            Duration pause = LOOK;
            while (!closing.await(pause.toMillis(), TimeUnit.MILLISECONDS)) {
                failures = kept.stream().filter(timer -> !looked(timer)).count() == 0 ? 0 : failures + 1;
                pause = failures == 0 ? LOOK : BACK_OFF.after(failures);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private boolean looked(String timer) {
        try {
            if (due(timer).isPresent()) {
                inTurn(timer);
            }
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return true;
        } catch (RuntimeException e) {
            if (closing.getCount() > 0) {
                LOG.atWarn().setCause(e).log("timer {} is told again", timer);
            }
            return false;
        }
    }

    private void inTurn(String timer) throws InterruptedException {
        Optional<Lease> turn = leases.take("timer/" + timer, "", lost -> {});
        if (turn.isPresent()) {
            try (Lease held = turn.get()) {
                due(timer).ifPresent(row -> act(timer, row)); // another process may have acted meanwhile
            }
        }
    }

    private Optional<Row> due(String timer) {
        return sql.first(
                        "SELECT every_ms, offset_ms, due_at FROM timer WHERE timer_id = ?",
                        row -> new Row(
                                new Rhythm(Duration.ofMillis(row.getLong(1)), Duration.ofMillis(row.getLong(2))),
                                Instant.ofEpochMilli(row.getLong(3))),
                        timer)
                .filter(row -> !row.due().isAfter(clock.instant()));
    }

    /** The row moves last: a kill in between tells the same time again. */
    private void act(String timer, Row row) {
        handler.due(timer, row.due());
        sql.update(
                "UPDATE timer SET due_at = ? WHERE timer_id = ? AND due_at = ?",
                row.rhythm().after(clock.instant()).toEpochMilli(),
                timer,
                row.due().toEpochMilli());
    }
}
