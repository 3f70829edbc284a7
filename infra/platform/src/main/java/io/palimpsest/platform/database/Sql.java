package io.palimpsest.platform.database;

import io.palimpsest.contracts.error.ErrorCode;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * JDBC in a few functions. Arguments are bound by position; every call takes and returns its own connection.
 *
 * <p>Threading: safe. Failure: {@link ErrorCode#DATABASE_FAILED}. A busy database is waited for; what met another
 * transaction, or lost its connection, is tried again, except for a transaction that was lost in the middle of its commit.
 */
public final class Sql {
    private static final Logger LOG = LoggerFactory.getLogger(Sql.class);

    private final Connections connections;
    private final Dialect dialect;

    Sql(Connections connections) {
        this.connections = connections;
        this.dialect = connections.dialect();
    }

    /** Reads the row under the cursor. */
    @FunctionalInterface
    public interface Row<T> {
        T read(ResultSet row) throws SQLException;
    }

    /**
     * Work in one transaction. It may run again, after it was rolled back, so it must not have other effects. Transactions
     * see and leave what they would one after the other.
     */
    @FunctionalInterface
    public interface Work<T extends @Nullable Object> {
        T in(Transaction transaction) throws SQLException;
    }

    public <T> List<T> query(String sql, Row<T> row, @Nullable Object... arguments) {
        return withConnection(work -> work.query(sql, row, arguments));
    }

    /** The first row, if any. */
    public <T> Optional<T> first(String sql, Row<T> row, @Nullable Object... arguments) {
        return query(sql, row, arguments).stream().findFirst();
    }

    /**
     * One statement that may run twice and leaves the same: an upsert, a delete, a value that is set. When the connection
     * breaks it is sent again, though the first may have been done.
     *
     * @return rows changed, by the last one sent
     */
    public int update(String sql, @Nullable Object... arguments) {
        return withConnection(work -> work.update(sql, arguments));
    }

    /**
     * All or nothing. When the connection breaks in the middle of the commit it is DATABASE_FAILED, done or not: only the
     * caller knows how to tell, or that twice does no harm.
     */
    public <T extends @Nullable Object> T inTransaction(Work<T> work) {
        return withConnection(transaction -> transact(transaction, null, work));
    }

    /**
     * All or nothing, and one after the other: for transactions that read and write the same rows so often that they
     * would only ever roll each other back.
     *
     * @param turn table that they all write; a name from the code
     */
    public <T extends @Nullable Object> T inTurn(String turn, Work<T> work) {
        return withConnection(transaction -> transact(transaction, turn, work));
    }

    private <T extends @Nullable Object> T transact(Transaction transaction, @Nullable String turn, Work<T> work)
            throws SQLException {
        Connection connection = transaction.connection;
        T result;
        try {
            connection.setAutoCommit(false);
            begin(connection, turn);
            result = work.in(transaction);
            commit(connection);
        } catch (Throwable e) { // what an Error left half done must not be committed either
            rollBack(connection, e);
            throw e;
        }
        try {
            connection.setAutoCommit(true);
        } catch (SQLException e) {
            LOG.atDebug().setCause(e).log("a connection was lost after its commit");
        }
        return result;
    }

    private void begin(Connection connection, @Nullable String turn) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(dialect.begin(turn));
        }
    }

    private static void commit(Connection connection) throws SQLException {
        try {
            connection.commit();
        } catch (SQLException e) {
            throw Trouble.of(e) == Trouble.LOST ? new Trouble.UnknownOutcome(e) : e;
        }
    }

    /** To turn autocommit on would commit what a failed rollback left: then nobody uses the connection again. */
    private void rollBack(Connection connection, Throwable cause) {
        try {
            connection.rollback();
            connection.setAutoCommit(true);
        } catch (SQLException | RuntimeException e) {
            cause.addSuppressed(e);
            connections.discard(connection);
        }
    }

    /** The statements of one transaction. */
    public static final class Transaction {
        private final Connection connection;
        /** Whether it was to change rows, and whether it did. */
        private boolean writing;

        private boolean changed;

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
            writing = true;
            try (PreparedStatement statement = connection.prepareStatement(sql)) {
                bind(statement, arguments);
                int rows = statement.executeUpdate();
                changed |= rows > 0;
                return rows;
            }
        }

        /** The same statement for many rows, sent together. */
        public void updateAll(String sql, List<? extends @Nullable Object[]> rows) throws SQLException {
            if (rows.isEmpty()) {
                return;
            }
            writing = true;
            try (PreparedStatement statement = connection.prepareStatement(sql)) {
                for (@Nullable Object[] row : rows) {
                    bind(statement, row);
                    statement.addBatch();
                }
                statement.executeBatch();
                changed = true;
            }
        }

        private static void bind(PreparedStatement statement, @Nullable Object[] arguments) throws SQLException {
            for (int i = 0; i < arguments.length; i++) {
                statement.setObject(i + 1, storable(arguments[i]));
            }
        }

        /** PostgreSQL has no text with U+0000 in it, which a document's title may have. */
        private static @Nullable Object storable(@Nullable Object argument) {
            return argument instanceof String text && text.indexOf('\0') >= 0 ? text.replace('\0', '\uFFFD') : argument;
        }
    }

    private <T extends @Nullable Object> T withConnection(Work<T> work) {
        for (int attempt = 1; ; attempt++) {
            try {
                return once(work);
            } catch (SQLException e) {
                Trouble trouble = Trouble.of(e);
                if (!trouble.mayTryAfter(attempt)) {
                    throw connections.failure(e);
                }
                long longest = trouble.pauseAfter(attempt).toNanos();
                LockSupport.parkNanos(ThreadLocalRandom.current().nextLong(longest / 2, longest + 1));
            }
        }
    }

    private <T extends @Nullable Object> T once(Work<T> work) throws SQLException {
        Connection connection = connections.take();
        Transaction transaction = new Transaction(connection);
        try {
            T result = work.in(transaction);
            connections.answered(transaction.changed);
            return result;
        } catch (SQLException e) {
            connections.failed(e, transaction.writing);
            throw e;
        } finally {
            connections.release(connection);
        }
    }
}
