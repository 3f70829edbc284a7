package io.palimpsest.platform.database;

import com.zaxxer.hikari.HikariDataSource;
import java.util.Map;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** Where the databases differ. Everything else is written in what both take. */
enum Dialect {
    /**
     * Writers take turns by themselves. A transaction begins with the one lock there is, as a read that turns into a write cannot
     * wait for another writer; a statement takes it that changes no row. The driver's BEGIN IMMEDIATE would fail where another has
     * the lock: in setAutoCommit, after which the connection begins no transaction any more; and in commit, when that is done
     * already.
     */
    SQLITE("SELECT 1") {
        @Override
        String begin(@Nullable String turn) {
            return "UPDATE flyway_schema_history SET success = success WHERE FALSE";
        }
    },
    /** Transactions run side by side; one that could not have happened before or after the others is rolled back. */
    POSTGRESQL("ALTER TABLE document ALTER COLUMN document_id TYPE TEXT COLLATE \"C\"") {
        @Override
        String begin(@Nullable String turn) {
            // A lock that is taken before the first SELECT comes before the snapshot: what is then read is what the
            // one before has left.
            return "SET TRANSACTION ISOLATION LEVEL SERIALIZABLE; SET LOCAL lock_timeout = '" + LOCK_SECONDS + "s'"
                    + (turn == null ? "" : "; LOCK TABLE " + turn + " IN SHARE ROW EXCLUSIVE MODE");
        }
    };

    private static final int LOCK_SECONDS = 10; // arbitrary: longer than any transaction of ours takes

    private final String documentIdsByBytes;

    Dialect(String documentIdsByBytes) {
        this.documentIdsByBytes = documentIdsByBytes;
    }

    static Dialect of(String url) {
        return url.startsWith("jdbc:postgresql:") ? POSTGRESQL : SQLITE;
    }

    /** A source that is no pool of ours is taken as it is. */
    static Dialect of(DataSource source) {
        return source instanceof HikariDataSource pool && pool.getJdbcUrl() != null ? of(pool.getJdbcUrl()) : SQLITE;
    }

    /** For people: what it is, and where. */
    static String name(DataSource source) {
        return source instanceof HikariDataSource pool && pool.getJdbcUrl() != null
                ? name(pool.getJdbcUrl())
                : "the database";
    }

    /** For anyone: what it is, without where. */
    static String kind(DataSource source) {
        return of(source) == POSTGRESQL ? "PostgreSQL" : "the database";
    }

    /** Without what follows the address: that may be a secret. */
    static String name(String url) {
        return (of(url) == POSTGRESQL ? "PostgreSQL at " : "the database at ") + url.replaceFirst("\\?.*", "");
    }

    /**
     * What a transaction begins with.
     *
     * @param turn table whose transactions run one after the other; null for no such order
     */
    abstract String begin(@Nullable String turn);

    /** What the migrations leave open. */
    Map<String, String> placeholders() {
        return Map.of("document_ids_by_bytes", documentIdsByBytes);
    }
}
