package io.palimpsest.platform.database;

import io.palimpsest.contracts.error.ErrorCode;
import io.palimpsest.contracts.error.PalimpsestException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes connections, and knows whether the server answers. A short absence is waited out by everyone; in a long one only one
 * caller at a time waits, and all others are told at once.
 *
 * <p>Threading: safe. Failure: {@link ErrorCode#DATABASE_FAILED}.
 */
final class Connections {
    private static final Logger LOG = LoggerFactory.getLogger(Connections.class);
    private static final Duration LONG = Duration.ofSeconds(10); // arbitrary: a restart takes less
    private static final long HERE = 0;

    private final DataSource source;
    private final String name;
    private final LongSupplier nanos;
    private final AtomicLong awaySince = new AtomicLong(HERE);
    private final AtomicBoolean probed = new AtomicBoolean();

    Connections(DataSource source, LongSupplier nanos) {
        this.source = source;
        this.name = Dialect.name(source);
        this.nanos = nanos;
    }

    /** For people: what the database is, and where. */
    String name() {
        return name;
    }

    /** Waits for as long as the pool does. */
    Connection take() {
        long since = awaySince.get();
        if (since == HERE || nanos.getAsLong() - since < LONG.toNanos()) {
            return get();
        }
        if (!probed.compareAndSet(false, true)) {
            throw new PalimpsestException(ErrorCode.DATABASE_FAILED, name + " does not answer for a while now");
        }
        try {
            return get();
        } finally {
            probed.set(false);
        }
    }

    /** The pool has tried again already, for as long as it was told to. */
    private Connection get() {
        try {
            return source.getConnection();
        } catch (SQLException e) {
            lost(e);
            throw new PalimpsestException(
                    ErrorCode.DATABASE_FAILED, name + " gave no connection in time: " + state(e), e);
        }
    }

    /** Logged once for each time that it goes away. */
    void lost(SQLException e) {
        long now = nanos.getAsLong();
        if (awaySince.compareAndSet(HERE, now == HERE ? 1 : now)) {
            LOG.atWarn()
                    .addKeyValue("errorCode", ErrorCode.DATABASE_FAILED.id())
                    .log(
                            "{} does not answer ({}): is the server running, with room on its disk? Work waits and goes on by itself",
                            name,
                            state(e));
        }
    }

    void answered() {
        if (awaySince.get() != HERE && awaySince.getAndSet(HERE) != HERE) {
            LOG.atInfo().log("{} answers again", name);
        }
    }

    static @Nullable String state(SQLException e) {
        String state = e.getSQLState();
        return state == null && e.getCause() instanceof SQLException cause ? cause.getSQLState() : state;
    }
}
