package io.palimpsest.platform.database;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.palimpsest.contracts.error.ErrorCode;
import io.palimpsest.contracts.error.PalimpsestException;
import io.palimpsest.platform.config.DatabaseSettings;
import io.palimpsest.platform.telemetry.Health;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.configuration.FluentConfiguration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The pooled, migrated database: SQLite in a file, or PostgreSQL on a server.
 *
 * <p>Threading: safe. Failure: {@link ErrorCode#DATABASE_FAILED} when it does not open or migrate,
 * {@link ErrorCode#CONFIG_INVALID} when it answers and cannot be used as it is.
 */
public final class Database implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Database.class);
    private static final String SQLITE = "jdbc:sqlite:";

    private static final Duration FRESH = Duration.ofSeconds(5);

    private final HikariDataSource pool;
    private final Connections connections;
    private final Optional<Thread> watch;
    private final AtomicBoolean looking = new AtomicBoolean();

    private Database(HikariDataSource pool, Optional<PostgresServer> server) {
        this.pool = pool;
        this.connections =
                new Connections(pool, () -> server.map(PostgresServer::answers).orElse(true), System::nanoTime);
        this.watch = server.map(one -> connections.watch().start());
    }

    /** Opens, and brings the schema to this version. A server that does not answer yet is waited for. */
    public static Database open(DatabaseSettings settings) {
        String url = settings.url();
        Optional<PostgresServer> server =
                url.startsWith(SQLITE) ? Optional.empty() : Optional.of(new PostgresServer(settings));
        try {
            if (server.isPresent()) {
                server.get().await();
            } else {
                createFolder(Path.of(url.substring(SQLITE.length())));
            }
            HikariDataSource pool = new HikariDataSource(pool(settings));
            try {
                Schema.migrate(migrations(settings, pool).load(), Dialect.name(url));
                return new Database(pool, server);
            } catch (RuntimeException e) {
                pool.close();
                throw e;
            }
        } catch (PalimpsestException e) {
            throw e;
        } catch (IOException e) {
            throw new PalimpsestException(
                    ErrorCode.DATABASE_FAILED,
                    Dialect.name(url)
                            + " has no folder, and none can be made: give the right to write there, or another"
                            + " data.dir",
                    e);
        } catch (RuntimeException e) {
            throw new PalimpsestException(
                    ErrorCode.DATABASE_FAILED,
                    Dialect.name(url) + " " + Refusal.within(e).advice() + " (at the start)",
                    e);
        }
    }

    public Sql sql() {
        return new Sql(connections);
    }

    /**
     * Whether it answers and takes writes, as far as it was asked lately; a server that was not is asked in the background, so
     * that this never waits.
     */
    public Health.State state() {
        Health.State now = connections.state();
        boolean unknown = watch.isPresent() && connections.age().compareTo(FRESH) > 0;
        if ((unknown || !now.ready()) && looking.compareAndSet(false, true)) {
            Thread.ofVirtual().name("database-check").start(this::look);
        }
        return now;
    }

    private void look() {
        try {
            if (connections.refusesWrites()) {
                // A write that leaves the row as it is.
                sql().update("UPDATE flyway_schema_history SET success = success WHERE version = '1'");
            } else {
                sql().first("SELECT 1", row -> row.getInt(1));
            }
        } catch (PalimpsestException e) {
            LOG.atDebug().setCause(e).log("the database does not answer; its state says so");
        } finally {
            looking.set(false);
        }
    }

    @Override
    public void close() {
        watch.ifPresent(Thread::interrupt);
        pool.close();
    }

    private static FluentConfiguration migrations(DatabaseSettings settings, DataSource pool) {
        Dialect dialect = Dialect.of(settings.url());
        FluentConfiguration flyway = Flyway.configure().placeholders(dialect.placeholders());
        return switch (dialect) {
            case SQLITE -> flyway.dataSource(pool);
            // Not of the pool, whose connections give up on an answer that takes as long as a new index may.
            case POSTGRESQL ->
                flyway.dataSource(
                        settings.url(), settings.user(), settings.password().value());
        };
    }

    private static HikariConfig pool(DatabaseSettings settings) {
        HikariConfig config = new HikariConfig();
        config.setPoolName("palimpsest");
        config.setJdbcUrl(settings.url());
        config.setMaximumPoolSize(settings.poolSize());
        if (Dialect.of(settings.url()) == Dialect.SQLITE) {
            config.addDataSourceProperty("journal_mode", "WAL");
            config.addDataSourceProperty(
                    "busy_timeout", Long.toString(settings.busyTimeout().toMillis()));
            config.addDataSourceProperty("synchronous", settings.sync() ? "FULL" : "NORMAL");
            config.addDataSourceProperty("foreign_keys", "true");
            // A deleted key must not stay readable in a free page.
            config.addDataSourceProperty("secure_delete", "true");
        } else {
            PostgresServer server = new PostgresServer(settings);
            config.setUsername(settings.user());
            config.setPassword(settings.password().value());
            config.setDataSourceProperties(server.properties());
            config.setConnectionTimeout(server.patience().toMillis());
            config.setValidationTimeout(server.patience().toMillis() / 2);
            config.setExceptionOverride(new ReadOnlyConnections());
        }
        return config;
    }

    private static void createFolder(Path file) throws IOException {
        Path folder = file.toAbsolutePath().getParent();
        if (folder != null) {
            Files.createDirectories(folder);
        }
    }
}
