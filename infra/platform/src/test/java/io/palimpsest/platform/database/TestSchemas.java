package io.palimpsest.platform.database;

import io.palimpsest.platform.config.DatabaseSettings;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/** Schemas of one PostgreSQL database, dropped at the end. */
final class TestSchemas implements TestDatabases {
    private final DatabaseSettings server;
    private final List<String> made = new ArrayList<>();

    TestSchemas(DatabaseSettings server) {
        this.server = server;
    }

    @Override
    public DatabaseSettings fresh() {
        String schema = "test_" + UUID.randomUUID().toString().replace("-", "");
        execute(server, "CREATE SCHEMA " + schema);
        made.add(schema);
        return TestPostgres.at(
                server, server.url() + (server.url().contains("?") ? "&" : "?") + "currentSchema=" + schema);
    }

    @Override
    public void close() {
        for (String schema : made) {
            execute(server, "DROP SCHEMA " + schema + " CASCADE");
        }
        made.clear();
    }

    static void execute(DatabaseSettings at, String sql) {
        try (Connection connection = DriverManager.getConnection(
                        at.url(), at.user(), at.password().value());
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            throw new IllegalStateException(sql, e);
        }
    }
}
