package io.palimpsest.platform.database;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.palimpsest.contracts.error.ErrorCode;
import io.palimpsest.contracts.error.PalimpsestException;
import io.palimpsest.platform.config.DatabaseSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.configuration.FluentConfiguration;

/**
 * The pooled, migrated database: SQLite in a file, or PostgreSQL on a server.
 *
 * <p>Threading: safe. Failure: {@link ErrorCode#DATABASE_FAILED} when it does not open or migrate,
 * {@link ErrorCode#CONFIG_INVALID} when it answers and cannot be used as it is.
 */
public final class Database implements AutoCloseable {
    private static final String SQLITE = "jdbc:sqlite:";

    private final HikariDataSource pool;

    private Database(HikariDataSource pool) {
        this.pool = pool;
    }

    /** Opens, and brings the schema to this version. A server that does not answer yet is waited for. */
    public static Database open(DatabaseSettings settings) {
        String url = settings.url();
        try {
            if (url.startsWith(SQLITE)) {
                createFolder(Path.of(url.substring(SQLITE.length())));
            } else {
                new PostgresServer(settings).await();
            }
            HikariDataSource pool = new HikariDataSource(pool(settings));
            try {
                migrations(settings, pool).load().migrate();
                return new Database(pool);
            } catch (RuntimeException e) {
                pool.close();
                throw e;
            }
        } catch (PalimpsestException e) {
            throw e;
        } catch (IOException | RuntimeException e) {
            throw new PalimpsestException(
                    ErrorCode.DATABASE_FAILED, Dialect.name(url) + " does not open, or its schema does not migrate", e);
        }
    }

    public DataSource dataSource() {
        return pool;
    }

    public Sql sql() {
        return new Sql(pool);
    }

    /** Whether a server answered lately; asks nothing, and so never waits. A file always does. */
    public boolean healthy() {
        return Dialect.of(pool) == Dialect.SQLITE
                || (pool.isRunning() && pool.getHikariPoolMXBean().getTotalConnections() > 0);
    }

    @Override
    public void close() {
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
            // A read that turns into a write in one transaction cannot wait for another writer: take the lock first.
            config.addDataSourceProperty("transaction_mode", "IMMEDIATE");
        } else {
            PostgresServer server = new PostgresServer(settings);
            config.setUsername(settings.user());
            config.setPassword(settings.password().value());
            config.setDataSourceProperties(server.properties());
            config.setConnectionTimeout(server.patience().toMillis());
            config.setValidationTimeout(server.patience().toMillis() / 2);
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
