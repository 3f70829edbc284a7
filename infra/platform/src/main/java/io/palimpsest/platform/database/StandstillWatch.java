package io.palimpsest.platform.database;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Breaks off what waits for a server that stands still: its machine keeps the connections open, and a caller would wait for as
 * long as the longest statement may take. A statement that takes long is left alone as long as the server answers others.
 *
 * <p>Threading: safe. Failure: what is broken off fails as if its connection had been lost.
 */
final class StandstillWatch {
    private static final Logger LOG = LoggerFactory.getLogger(StandstillWatch.class);
    /** Arbitrary: longer than nearly all statements, so that the server is seldom asked. */
    static final Duration LONG = Duration.ofSeconds(5);

    private static final Duration TICK = Duration.ofMillis(500);

    private final BooleanSupplier answers;
    private final LongSupplier nanos;
    private final Map<Connection, Long> since = Collections.synchronizedMap(new IdentityHashMap<>());
    private long askedAtNanos;

    /** @param answers asks the server, on a connection of its own, and waits for seconds only */
    StandstillWatch(BooleanSupplier answers, LongSupplier nanos) {
        this.answers = answers;
        this.nanos = nanos;
        this.askedAtNanos = nanos.getAsLong() - LONG.toNanos();
    }

    void begin(Connection connection) {
        since.put(connection, nanos.getAsLong());
    }

    void end(Connection connection) {
        since.remove(connection);
    }

    /** Looks again and again until the thread is interrupted. */
    Thread start() {
        return Thread.ofVirtual().name("database-watch").start(() -> {
            try {
                while (true) {
                    Thread.sleep(TICK);
                    look();
                }
            } catch (InterruptedException e) {
                LOG.atDebug().log("the watch over the database ends");
            }
        });
    }

    void look() {
        long now = nanos.getAsLong();
        List<Connection> waiting = longer(now);
        if (waiting.isEmpty() || now - askedAtNanos < LONG.toNanos()) {
            return;
        }
        boolean here = answers.getAsBoolean();
        askedAtNanos = nanos.getAsLong();
        if (!here) {
            waiting.forEach(this::breakOff);
        }
    }

    private List<Connection> longer(long now) {
        synchronized (since) { // its iterators are not safe by themselves
            return since.entrySet().stream()
                    .filter(use -> now - use.getValue() >= LONG.toNanos())
                    .map(Map.Entry::getKey)
                    .toList();
        }
    }

    private void breakOff(Connection connection) {
        if (since.remove(connection) == null) { // its answer came meanwhile
            return;
        }
        try {
            connection.abort(Runnable::run);
        } catch (SQLException e) {
            LOG.atDebug().setCause(e).log("a connection that stands still was not broken off");
        }
    }
}
