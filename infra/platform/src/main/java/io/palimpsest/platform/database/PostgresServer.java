package io.palimpsest.platform.database;

import io.palimpsest.contracts.error.ErrorCode;
import io.palimpsest.contracts.error.PalimpsestException;
import io.palimpsest.platform.config.DatabaseSettings;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.locks.LockSupport;

/** A PostgreSQL server: how to talk to it, and, before it is used, whether it answers, lets us in, and is what we need. */
final class PostgresServer {
    /** The oldest version that is tested. */
    private static final int OLDEST = 130_000;

    private static final Duration SHORTEST_PATIENCE = Duration.ofSeconds(1);
    private static final String ANSWER_SECONDS = "5";
    private static final Duration PAUSE = Duration.ofMillis(250);

    private final DatabaseSettings settings;
    private final String name;

    /**
     * What the server is, as it says itself.
     *
     * @param version such as 150003 for 15.3
     */
    record Facts(int version, String encoding, boolean readOnly) {
        /** Why it cannot be used, with what to do. */
        Optional<String> problem() {
            if (version < OLDEST) {
                return Optional.of(
                        "is version " + version / 10_000 + ": use PostgreSQL " + OLDEST / 10_000 + " or newer");
            }
            if (!encoding.equals("UTF8")) {
                return Optional.of("keeps text as " + encoding
                        + ": make the database anew with CREATE DATABASE ... ENCODING 'UTF8' TEMPLATE template0");
            }
            return readOnly
                    ? Optional.of("takes no writes: give the address of the primary, not of a standby, as database.url")
                    : Optional.empty();
        }
    }

    PostgresServer(DatabaseSettings settings) {
        this.settings = settings;
        this.name = Dialect.name(settings.url());
    }

    /** How long a server that does not answer is waited for. */
    Duration patience() {
        Duration wanted = settings.busyTimeout();
        return wanted.compareTo(SHORTEST_PATIENCE) < 0 ? SHORTEST_PATIENCE : wanted;
    }

    /** Of each connection, beside user and password. */
    Properties properties() {
        Properties properties = new Properties();
        properties.setProperty("ApplicationName", "palimpsest");
        properties.setProperty("tcpKeepAlive", "true");
        properties.setProperty("connectTimeout", ANSWER_SECONDS);
        properties.setProperty("loginTimeout", ANSWER_SECONDS);
        // Where only this connection stands still; where the whole server does, see StandstillWatch.
        properties.setProperty("socketTimeout", "60");
        // The details of a refused statement are its values.
        properties.setProperty("logServerErrorDetail", "false");
        return properties;
    }

    /**
     * Returns when it can be used.
     *
     * @throws PalimpsestException CONFIG_INVALID where waiting would not help, DATABASE_FAILED where it did not
     */
    void await() {
        requireDriver();
        long end = System.nanoTime() + patience().toNanos();
        while (true) {
            try (Connection connection = connect()) {
                facts(connection).problem().ifPresent(problem -> {
                    throw new PalimpsestException(ErrorCode.CONFIG_INVALID, name + " " + problem);
                });
                return;
            } catch (SQLException e) {
                if (System.nanoTime() > end || !mayPass(e)) {
                    throw explained(e);
                }
                LockSupport.parkNanos(PAUSE.toNanos());
            }
        }
    }

    /** Whether it answers at all, if only that it lets nobody in; waits for seconds. */
    boolean answers() {
        Properties hasty = properties();
        hasty.setProperty("socketTimeout", ANSWER_SECONDS);
        try (Connection connection = connect(hasty)) {
            shown(connection, "server_version_num");
            return true;
        } catch (SQLException e) {
            String state = Objects.requireNonNullElse(e.getSQLState(), "");
            return isRefusal(state) || !state.startsWith("08");
        }
    }

    private Connection connect() throws SQLException {
        return connect(properties());
    }

    private Connection connect(Properties all) throws SQLException {
        if (!settings.user().isEmpty()) {
            all.setProperty("user", settings.user());
        }
        if (!settings.password().value().isEmpty()) {
            all.setProperty("password", settings.password().value());
        }
        return DriverManager.getConnection(settings.url(), all);
    }

    private void requireDriver() {
        try {
            DriverManager.getDriver(settings.url());
        } catch (SQLException e) {
            throw new PalimpsestException(
                    ErrorCode.CONFIG_INVALID,
                    "database.url names no database that is known: " + name
                            + "; give jdbc:postgresql://HOST:PORT/DATABASE, or nothing for SQLite",
                    e);
        }
    }

    private static Facts facts(Connection connection) throws SQLException {
        return new Facts(
                Integer.parseInt(shown(connection, "server_version_num")),
                shown(connection, "server_encoding"),
                shown(connection, "transaction_read_only").equals("on"));
    }

    private static String shown(Connection connection, String name) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SHOW " + name)) {
            row.next();
            return row.getString(1);
        }
    }

    private static boolean mayPass(SQLException e) {
        String state = Objects.requireNonNullElse(e.getSQLState(), "");
        return !isRefusal(state) && (Trouble.of(e) == Trouble.LOST || state.equals("53300")); // too many connections
    }

    /** Of the user: wrong password, no such role, not from this host; 08004 where a password is asked for. */
    private static boolean isRefusal(String state) {
        return state.startsWith("28") || state.equals("08004");
    }

    private PalimpsestException explained(SQLException e) {
        String state = Objects.requireNonNullElse(e.getSQLState(), "");
        if (isRefusal(state)) {
            return invalid(
                    " does not let user \"" + settings.user()
                            + "\" in: correct database.user and database.password, or the server's pg_hba.conf",
                    e);
        }
        return switch (state) {
            case "3D000" ->
                invalid(" has no database of this name: create it, with ENCODING 'UTF8', or correct database.url", e);
            case "53300" ->
                new PalimpsestException(
                        ErrorCode.DATABASE_FAILED,
                        name + " has no connection left: raise its max_connections, or lower database.pool.size",
                        e);
            default ->
                new PalimpsestException(
                        ErrorCode.DATABASE_FAILED,
                        name + " does not answer, waited for " + patience().toSeconds() + " s (" + state
                                + "): is the server running, and database.url right?",
                        e);
        };
    }

    private PalimpsestException invalid(String problem, SQLException e) {
        return new PalimpsestException(ErrorCode.CONFIG_INVALID, name + problem, e);
    }
}
