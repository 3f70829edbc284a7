package io.palimpsest.platform.database;

import io.palimpsest.contracts.error.ErrorCode;
import io.palimpsest.contracts.error.PalimpsestException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * JDBC in four functions. Arguments are bound by position; every call takes and returns its own connection.
 *
 * <p>Threading: safe. Failure: {@link ErrorCode#DATABASE_FAILED}; a busy database is waited for and tried again.
 */
public final class Sql {
    private static final int ATTEMPTS = 5;
    private static final long FIRST_PAUSE_NANOS = 5_000_000;
    /** SQLite's primary result code: another connection holds the write lock. */
    private static final int SQLITE_BUSY = 5;

    private final DataSource source;

    public Sql(DataSource source) {
        this.source = source;
    }

    /** Reads the row under the cursor. */
    @FunctionalInterface
    public interface Row<T> {
        T read(ResultSet row) throws SQLException;
    }

    /** Work in one transaction; may run again when the database was busy, so it must not have other effects. */
    @FunctionalInterface
    public interface Work<T extends @Nullable Object> {
        T in(Transaction transaction) throws SQLException;
    }

    public <T> List<T> query(String sql, Row<T> row, @Nullable Object... arguments) {
        return withConnection(connection -> new Transaction(connection).query(sql, row, arguments));
    }

    /** The first row, if any. */
    public <T> Optional<T> first(String sql, Row<T> row, @Nullable Object... arguments) {
        return query(sql, row, arguments).stream().findFirst();
    }

    /** @return rows changed */
    public int update(String sql, @Nullable Object... arguments) {
        return withConnection(connection -> new Transaction(connection).update(sql, arguments));
    }

    /** All or nothing. */
    public <T extends @Nullable Object> T inTransaction(Work<T> work) {
        return withConnection(connection -> {
            connection.setAutoCommit(false);
            T result;
            try {
                result = work.in(new Transaction(connection));
                connection.commit();
            } catch (Throwable e) { // what an Error left half done must not be committed either
                rollBack(connection, e);
                throw e;
            }
            connection.setAutoCommit(true);
            return result;
        });
    }

    /** To turn autocommit on would commit what a failed rollback left: then the pool resets or discards the connection. */
    private static void rollBack(Connection connection, Throwable cause) {
        try {
            connection.rollback();
            connection.setAutoCommit(true);
        } catch (SQLException | RuntimeException e) {
            cause.addSuppressed(e);
        }
    }

    /** The statements of one transaction. */
    public static final class Transaction {
        private final Connection connection;

        private Transaction(Connection connection) {
            this.connection = connection;
        }

        public <T> List<T> query(String sql, Row<T> row, @Nullable Object... arguments) throws SQLException {
            try (PreparedStatement statement = connection.prepareStatement(sql)) {
                bind(statement, arguments);
                List<T> rows = new ArrayList<>();
                try (ResultSet results = statement.executeQuery()) {
                    while (results.next()) {
                        rows.add(row.read(results));
                    }
                }
                return rows;
            }
        }

        public int update(String sql, @Nullable Object... arguments) throws SQLException {
            try (PreparedStatement statement = connection.prepareStatement(sql)) {
                bind(statement, arguments);
                return statement.executeUpdate();
            }
        }

        /** The same statement for many rows, sent together. */
        public void updateAll(String sql, List<? extends @Nullable Object[]> rows) throws SQLException {
            try (PreparedStatement statement = connection.prepareStatement(sql)) {
                for (@Nullable Object[] row : rows) {
                    bind(statement, row);
                    statement.addBatch();
                }
                statement.executeBatch();
            }
        }

        private static void bind(PreparedStatement statement, @Nullable Object[] arguments) throws SQLException {
            for (int i = 0; i < arguments.length; i++) {
                statement.setObject(i + 1, arguments[i]);
            }
        }
    }

    private interface Use<T extends @Nullable Object> {
        T of(Connection connection) throws SQLException;
    }

    private <T extends @Nullable Object> T withConnection(Use<T> use) {
        for (int attempt = 1; ; attempt++) {
            try (Connection connection = source.getConnection()) {
                return use.of(connection);
            } catch (SQLException e) {
                if ((e.getErrorCode() & 0xff) != SQLITE_BUSY || attempt == ATTEMPTS) {
                    throw new PalimpsestException(
                            ErrorCode.DATABASE_FAILED, "the database refused a statement: " + e.getSQLState(), e);
                }
                LockSupport.parkNanos(FIRST_PAUSE_NANOS << attempt);
            }
        }
    }
}
