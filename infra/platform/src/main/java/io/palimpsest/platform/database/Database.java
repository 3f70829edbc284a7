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

/**
 * The pooled, migrated database.
 *
 * <p>Threading: safe. Failure: {@link ErrorCode#DATABASE_FAILED} when it does not open or migrate.
 */
public final class Database implements AutoCloseable {
    private static final String SQLITE = "jdbc:sqlite:";

    private final HikariDataSource pool;

    private Database(HikariDataSource pool) {
        this.pool = pool;
    }

    /** Opens, and brings the schema to this version. */
    public static Database open(DatabaseSettings settings) {
        try {
            if (settings.url().startsWith(SQLITE)) {
                createFolder(Path.of(settings.url().substring(SQLITE.length())));
            }
            HikariDataSource pool = new HikariDataSource(pool(settings));
            try {
                Flyway.configure().dataSource(pool).load().migrate();
                return new Database(pool);
            } catch (RuntimeException e) {
                pool.close();
                throw e;
            }
        } catch (IOException | RuntimeException e) {
            throw new PalimpsestException(
                    ErrorCode.DATABASE_FAILED, "the database at " + settings.url() + " does not open", e);
        }
    }

    public DataSource dataSource() {
        return pool;
    }

    public Sql sql() {
        return new Sql(pool);
    }

    @Override
    public void close() {
        pool.close();
    }

    private static HikariConfig pool(DatabaseSettings settings) {
        HikariConfig config = new HikariConfig();
        config.setPoolName("palimpsest");
        config.setJdbcUrl(settings.url());
        config.setMaximumPoolSize(settings.poolSize());
        if (settings.url().startsWith(SQLITE)) {
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
            config.setUsername(settings.user());
            config.setPassword(settings.password().value());
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
