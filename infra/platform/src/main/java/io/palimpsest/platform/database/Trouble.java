package io.palimpsest.platform.database;

import java.sql.SQLException;
import java.time.Duration;
import java.util.Objects;

/** Why a statement failed, as far as it decides whether to try again. */
enum Trouble {
    /** It would fail again. */
    LASTING(1, Duration.ZERO, Duration.ZERO),
    /** Another connection held SQLite's write lock for as long as one waits: nothing was done. */
    BUSY(5, Duration.ofMillis(10), Duration.ofMillis(80)),
    /** It met another transaction, or a schema just changed, and was rolled back. */
    CONFLICT(12, Duration.ofMillis(5), Duration.ofMillis(500)),
    /**
     * The server takes no writes on this connection: others may, such as new ones after a fail-over. The connection is dropped.
     */
    READ_ONLY(3, Duration.ofMillis(200), Duration.ofMillis(400)),
    /**
     * The connection broke; what was asked last may have been done or not. The pause lets the pool test its other
     * connections, which it trusts for half a second.
     */
    LOST(4, Duration.ofMillis(600), Duration.ofMillis(600));

    /** SQLite's primary result code: another connection holds the write lock. */
    private static final int SQLITE_BUSY = 5;

    private final int attempts;
    private final Duration first;
    private final Duration longest;

    Trouble(int attempts, Duration first, Duration longest) {
        this.attempts = attempts;
        this.first = first;
        this.longest = longest;
    }

    /** A commit whose answer never came: whoever asked for it must look whether it was done. */
    static final class UnknownOutcome extends SQLException {
        private static final long serialVersionUID = 1;

        UnknownOutcome(SQLException cause) {
            super("the connection broke in the middle of a commit", cause.getSQLState(), cause);
        }
    }

    static Trouble of(SQLException e) {
        if (e instanceof UnknownOutcome) {
            return LASTING;
        }
        return switch (Objects.requireNonNullElse(e.getSQLState(), "")) {
            case "40003" -> LOST; // completion unknown
            case "40001", "40P01", "55P03" -> CONFLICT; // serialization failure, deadlock, lock not available
            case "0A000" -> CONFLICT; // a cached plan from before a migration; anything else unsupported fails again
            case "25006" -> READ_ONLY;
            case "57P01", "57P02", "57P03", "57P05" -> LOST; // shut down, crashed, starting, idle for too long
            case String state when state.startsWith("08") -> LOST;
            default -> (e.getErrorCode() & 0xff) == SQLITE_BUSY ? BUSY : LASTING;
        };
    }

    /** @param attempt that failed, from 1 */
    boolean mayTryAfter(int attempt) {
        return attempt < attempts;
    }

    /** Twice as long after each attempt. */
    Duration pauseAfter(int attempt) {
        Duration pause = first.multipliedBy(1L << Math.min(attempt - 1, 20));
        return pause.compareTo(longest) > 0 ? longest : pause;
    }
}
