package io.palimpsest.platform.database;

import io.palimpsest.contracts.error.ErrorCode;
import io.palimpsest.contracts.error.PalimpsestException;
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
import java.util.function.LongSupplier;
import javax.sql.DataSource;
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

    public Sql(DataSource source) {
        this(source, System::nanoTime);
    }

    Sql(DataSource source, LongSupplier nanos) {
        this.connections = new Connections(source, nanos);
        this.dialect = Dialect.of(source);
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
        return withConnection(connection -> new Transaction(connection).query(sql, row, arguments));
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
        return withConnection(connection -> new Transaction(connection).update(sql, arguments));
    }

    /**
     * All or nothing. When the connection breaks in the middle of the commit it is DATABASE_FAILED, done or not: only the
     * caller knows how to tell, or that twice does no harm.
     */
    public <T extends @Nullable Object> T inTransaction(Work<T> work) {
        return withConnection(connection -> transact(connection, null, work));
    }

    /**
     * All or nothing, and one after the other: for transactions that read and write the same rows so often that they
     * would only ever roll each other back.
     *
     * @param turn table that they all write; a name from the code
     */
    public <T extends @Nullable Object> T inTurn(String turn, Work<T> work) {
        return withConnection(connection -> transact(connection, turn, work));
    }

    private <T extends @Nullable Object> T transact(Connection connection, @Nullable String turn, Work<T> work)
            throws SQLException {
        connection.setAutoCommit(false);
        T result;
        try {
            begin(connection, turn);
            result = work.in(new Transaction(connection));
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
        String begin = dialect.begin(turn);
        if (!begin.isEmpty()) {
            try (Statement statement = connection.createStatement()) {
                statement.execute(begin);
            }
        }
    }

    private static void commit(Connection connection) throws SQLException {
        try {
            connection.commit();
        } catch (SQLException e) {
            throw Trouble.of(e) == Trouble.LOST ? new Trouble.UnknownOutcome(e) : e;
        }
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
            if (rows.isEmpty()) {
                return;
            }
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
                statement.setObject(i + 1, storable(arguments[i]));
            }
        }

        /** PostgreSQL has no text with U+0000 in it, which a document's title may have. */
        private static @Nullable Object storable(@Nullable Object argument) {
            return argument instanceof String text && text.indexOf('\0') >= 0 ? text.replace('\0', '\uFFFD') : argument;
        }
    }

    private interface Use<T extends @Nullable Object> {
        T of(Connection connection) throws SQLException;
    }

    private <T extends @Nullable Object> T withConnection(Use<T> use) {
        for (int attempt = 1; ; attempt++) {
            try {
                return once(use);
            } catch (SQLException e) {
                Trouble trouble = Trouble.of(e);
                if (!trouble.mayTryAfter(attempt)) {
                    throw refused(e);
                }
                if (trouble == Trouble.LOST) {
                    connections.lost(e);
                }
                long longest = trouble.pauseAfter(attempt).toNanos();
                LockSupport.parkNanos(ThreadLocalRandom.current().nextLong(longest / 2, longest + 1));
            }
        }
    }

    private <T extends @Nullable Object> T once(Use<T> use) throws SQLException {
        Connection connection = connections.take();
        try {
            T result = use.of(connection);
            connections.answered();
            return result;
        } finally {
            release(connection);
        }
    }

    private PalimpsestException refused(SQLException e) {
        String what = " refused a statement: ";
        if (e instanceof Trouble.UnknownOutcome) {
            what = " was lost in the middle of a commit: ";
        } else if (Trouble.isFullDisk(e)) {
            what = " has no room left on its disk: make some, and work goes on by itself: ";
        }
        return new PalimpsestException(ErrorCode.DATABASE_FAILED, connections.name() + what + Connections.state(e), e);
    }

    /** What was asked of it has been answered: that it does not close changes nothing. */
    private static void release(Connection connection) {
        try {
            connection.close();
        } catch (SQLException e) {
            LOG.atDebug().setCause(e).log("a connection did not go back to its pool");
        }
    }
}
