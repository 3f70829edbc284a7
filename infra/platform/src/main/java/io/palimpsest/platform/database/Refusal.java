package io.palimpsest.platform.database;

import java.sql.SQLException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Why a database did not do what it was asked, as far as it decides what an operator has to do. States: PostgreSQL, appendix A;
 * codes: SQLite's primary result codes.
 */
enum Refusal {
    FULL(true, "has no room left on its disk: make some, and work goes on by itself"),
    READ_ONLY(
            true,
            "takes no writes: end its read-only mode, or give the address of the primary as database.url; work goes on by"
                    + " itself where it takes them again"),
    STORAGE(
            true,
            "cannot read or write its own files: see its log and its disks, and restore a backup where they are damaged"),
    CREDENTIALS(
            false,
            "does not let database.user in any more: give that user its password and rights back, and work goes on by"
                    + " itself; or correct database.user and database.password, and start again"),
    RIGHTS(false, "does not allow database.user this: make that user the owner of the tables and of their schema"),
    NO_DATABASE(false, "has no database of this name any more: bring it back, or correct database.url and start again"),
    OTHER_SCHEMA(
            false,
            "has other tables than this version: start all processes in one version, and bring back what was changed by"
                    + " hand"),
    CANCELLED(
            false,
            "ended a statement before it was done: raise statement_timeout for database.user, or see who cancelled it"),
    CONNECTIONS(false, "has no connection left: raise its max_connections, or lower database.pool.size"),
    RESOURCES(false, "lacks memory or another resource: see its log, and give it more"),
    BUSY(
            false,
            "was busy with other transactions for too long: it is overloaded, or one of somebody else holds locks: end that"
                    + " one"),
    POOL(false, "gave no connection in time: it is overloaded or stands still, or database.pool.size is too low"),
    SILENT(
            false,
            "does not answer: is it running, with room on its disk, and is database.url right? Work waits and goes on by"
                    + " itself"),
    OTHER(false, "refused a statement: see its log, and report the defect with what follows");

    private final boolean writesOnly;
    private final String advice;

    Refusal(boolean writesOnly, String advice) {
        this.writesOnly = writesOnly;
        this.advice = advice;
    }

    /** Whether it may still answer questions. */
    boolean isOfWritesOnly() {
        return writesOnly;
    }

    /** What follows the name of the database in a message. */
    String advice() {
        return advice;
    }

    static Refusal of(SQLException e) {
        String state = state(e);
        if (state == null || state.isEmpty()) {
            return e.getErrorCode() == 0 ? OTHER : ofSqlite(e.getErrorCode() & 0xff);
        }
        return switch (state) {
            case "53100" -> FULL;
            case "53300" -> CONNECTIONS;
            case "25006" -> READ_ONLY;
            case "3D000" -> NO_DATABASE;
            case "42501", "3F000" -> RIGHTS;
            case "42P01", "42703", "42704", "42883", "0A000" -> OTHER_SCHEMA;
            case "57014" -> CANCELLED;
            case "55P03" -> BUSY;
            case "57P04" -> NO_DATABASE;
            case "08004" -> CREDENTIALS;
            default -> ofClass(state);
        };
    }

    /** What the pool waited for in vain; of its own timeouts only, which have a state where the server was the cause. */
    static Refusal ofPool(SQLException e) {
        String state = state(e);
        return state == null || state.isEmpty() ? POOL : of(e);
    }

    /** Of the first failure of a statement that a failure of a library came from. */
    static Refusal within(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof SQLException e) {
                return of(e);
            }
        }
        return OTHER;
    }

    static @Nullable String state(SQLException e) {
        String state = e.getSQLState();
        return state == null && e.getCause() instanceof SQLException cause ? cause.getSQLState() : state;
    }

    private static Refusal ofClass(String state) {
        return switch (state.substring(0, Math.min(2, state.length()))) {
            case "08", "57" -> SILENT;
            case "28" -> CREDENTIALS;
            case "40" -> BUSY;
            case "53" -> RESOURCES;
            case "58" -> STORAGE;
            case "XX" -> Objects.equals(state, "XX000") ? OTHER : STORAGE;
            default -> OTHER;
        };
    }

    private static Refusal ofSqlite(int code) {
        return switch (code) {
            case 5, 6 -> BUSY; // SQLITE_BUSY, SQLITE_LOCKED
            case 8 -> READ_ONLY; // SQLITE_READONLY
            case 10, 11, 14, 26 -> STORAGE; // SQLITE_IOERR, SQLITE_CORRUPT, SQLITE_CANTOPEN, SQLITE_NOTADB
            case 13 -> FULL; // SQLITE_FULL
            default -> OTHER;
        };
    }
}
