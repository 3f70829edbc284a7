package io.palimpsest.platform.database;

import com.zaxxer.hikari.HikariDataSource;
import io.palimpsest.contracts.error.ErrorCode;
import io.palimpsest.contracts.error.PalimpsestException;
import io.palimpsest.platform.telemetry.Health;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes connections of one pool, and knows whether the server answers. A short absence is waited out by everyone; in a long
 * one only one caller at a time waits, and all others are told at once. Nobody waits long for a server that stands still.
 *
 * <p>Threading: safe. Failure: {@link ErrorCode#DATABASE_FAILED}, naming the database and what to do.
 */
final class Connections {
    private static final Logger LOG = LoggerFactory.getLogger(Connections.class);
    private static final Duration LONG = Duration.ofSeconds(10); // arbitrary: a restart takes less
    /** Arbitrary: a server that stays read-only must not cost all connections at each refused write. */
    private static final Duration BETWEEN_EVICTIONS = Duration.ofSeconds(2);

    private final DataSource source;
    private final String name;
    private final LongSupplier nanos;
    private final Standing standing;
    private final StandstillWatch watch;
    private final AtomicBoolean probed = new AtomicBoolean();
    private final AtomicLong evictedAtNanos;
    /** Set while a thread has one. */
    private final ThreadLocal<Boolean> taken = new ThreadLocal<>();

    /** @param answers see {@link StandstillWatch} */
    Connections(DataSource source, BooleanSupplier answers, LongSupplier nanos) {
        this.source = source;
        this.name = Dialect.name(source);
        this.nanos = nanos;
        this.standing = new Standing(name, Dialect.kind(source), nanos);
        this.watch = new StandstillWatch(answers, nanos);
        this.evictedAtNanos = new AtomicLong(nanos.getAsLong() - BETWEEN_EVICTIONS.toNanos());
    }

    Dialect dialect() {
        return Dialect.of(source);
    }

    StandstillWatch watch() {
        return watch;
    }

    /** As it answered last; asks nothing. */
    Health.State state() {
        return standing.state();
    }

    /** Whether it refused the last writes, and none was taken since. */
    boolean refusesWrites() {
        return standing.refusesWrites();
    }

    /** How long ago it last answered, or was found not to. */
    Duration age() {
        return standing.age();
    }

    /**
     * Waits for as long as the pool does; goes back by {@link #release}.
     *
     * @throws IllegalStateException where this thread has one already: all who have one would wait for each other's
     */
    Connection take() {
        if (taken.get() != null) {
            throw new IllegalStateException("a call of the database within another one");
        }
        Connection connection = standing.absence().compareTo(LONG) < 0 ? fromPool() : inTurn();
        taken.set(true);
        watch.begin(connection);
        return connection;
    }

    private Connection inTurn() {
        if (!probed.compareAndSet(false, true)) {
            throw failure(standing.lastAbsence(), "for a while now", null);
        }
        try {
            return fromPool();
        } finally {
            probed.set(false);
        }
    }

    /** The pool has tried again already, for as long as it was told to. */
    private Connection fromPool() {
        try {
            return source.getConnection();
        } catch (SQLException e) {
            Refusal why = Refusal.ofPool(e);
            if (why != Refusal.POOL) { // those who have all the connections may get answers
                standing.silent(why, Refusal.state(e));
            }
            throw failure(why, cause(e), e);
        }
    }

    /** What was asked of it has been answered: that it does not close changes nothing. */
    void release(Connection connection) {
        taken.remove();
        try {
            connection.close();
        } catch (SQLException e) {
            LOG.atDebug().setCause(e).log("a connection did not go back to its pool");
        } finally {
            watch.end(connection);
        }
    }

    /** Before it is released: nobody gets it again. */
    void discard(Connection connection) {
        if (source instanceof HikariDataSource pool) {
            pool.evictConnection(connection);
        }
    }

    /** @param changed whether rows were written */
    void answered(boolean changed) {
        standing.answered();
        if (changed) {
            standing.wrote();
        }
    }

    /** @param writing whether it was to change rows */
    void failed(SQLException e, boolean writing) {
        Refusal why = Refusal.of(e);
        if (writing) {
            standing.refusedWrite(why, Refusal.state(e));
        }
        if (why == Refusal.SILENT) {
            standing.silent(why, Refusal.state(e));
        } else if (why == Refusal.READ_ONLY) {
            evict();
        }
    }

    /** After a fail-over they may all lead to what is a standby now, for as long as they live. */
    private void evict() {
        long now = nanos.getAsLong();
        long before = evictedAtNanos.get();
        if (source instanceof HikariDataSource pool
                && now - before >= BETWEEN_EVICTIONS.toNanos()
                && evictedAtNanos.compareAndSet(before, now)) {
            pool.getHikariPoolMXBean().softEvictConnections();
        }
    }

    /** Final: it is not tried again. */
    PalimpsestException failure(SQLException e) {
        String cause = cause(e);
        return e instanceof Trouble.UnknownOutcome
                ? new PalimpsestException(
                        ErrorCode.DATABASE_FAILED,
                        name + " was lost in the middle of a commit, done or not: is it running, with room on its disk?"
                                + " What asked for it must ask again (" + cause + ")",
                        e)
                : failure(Refusal.of(e), cause, e);
    }

    /** By which a database says what happened: SQLite has no states. */
    private static String cause(SQLException e) {
        String state = Refusal.state(e);
        if (state != null) {
            return state;
        }
        return e.getErrorCode() == 0 ? e.getClass().getSimpleName() : "code " + e.getErrorCode();
    }

    private PalimpsestException failure(Refusal why, String cause, @Nullable SQLException e) {
        return new PalimpsestException(ErrorCode.DATABASE_FAILED, name + " " + why.advice() + " (" + cause + ")", e);
    }
}
