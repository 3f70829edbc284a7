package io.palimpsest.testkit.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.Test;

@NeedsEngine(EngineKind.POSTGRES)
final class PostgresEngineIT {
    private final PostgresEngine postgres;

    PostgresEngineIT(PostgresEngine postgres) throws SQLException {
        this.postgres = postgres.newDatabase();
    }

    @Test
    void rowsAreWrittenInATransactionAndRead() throws SQLException {
        try (Connection connection = connect();
                Statement statement = connection.createStatement()) {
            statement.execute("CREATE TABLE documents (id TEXT PRIMARY KEY, labels JSONB NOT NULL)");
            connection.setAutoCommit(false);
            try (PreparedStatement insert =
                    connection.prepareStatement("INSERT INTO documents VALUES (?, ?::jsonb) ON CONFLICT DO NOTHING")) {
                insert.setString(1, "größe");
                insert.setString(2, "{\"team\": \"legal\"}");
                assertThat(insert.executeUpdate()).isEqualTo(1);
            }
            connection.commit();
            try (ResultSet rows = statement.executeQuery("SELECT id FROM documents WHERE labels->>'team' = 'legal'")) {
                assertThat(rows.next()).isTrue();
                assertThat(rows.getString(1)).isEqualTo("größe");
            }
        }
    }

    @Test
    void changesCanBeDecodedLogically() throws SQLException {
        try (Connection connection = connect();
                Statement statement = connection.createStatement()) {
            statement.execute("CREATE TABLE things (id INT PRIMARY KEY)");
            statement.execute("SELECT pg_create_logical_replication_slot('" + slot() + "', 'pgoutput')");
            statement.execute("SELECT pg_drop_replication_slot('" + slot() + "')");
            assertThat(connection.getMetaData().getDatabaseMajorVersion()).isEqualTo(18);
        }
    }

    private String slot() {
        return postgres.database();
    }

    private Connection connect() throws SQLException {
        return DriverManager.getConnection(postgres.jdbcUrl(), postgres.user(), postgres.password());
    }
}
