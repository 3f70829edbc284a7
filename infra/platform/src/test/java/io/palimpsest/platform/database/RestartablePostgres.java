package io.palimpsest.platform.database;

import io.palimpsest.platform.config.DatabaseSettings;
import io.palimpsest.platform.config.Secret;
import io.palimpsest.testkit.engine.EngineKind;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import org.testcontainers.postgresql.PostgreSQLContainer;

/** A server of a test's own in a container, which it may stop, crash, pause and start; the address stays. */
public final class RestartablePostgres implements AutoCloseable {
    private final PostgreSQLContainer container;
    private final String url;

    private RestartablePostgres(PostgreSQLContainer container, String url) {
        this.container = container;
        this.url = url;
    }

    @SuppressWarnings("resource") // closed with what is returned
    public static RestartablePostgres create() throws IOException, SQLException {
        int port;
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        PostgreSQLContainer container = new PostgreSQLContainer(EngineKind.POSTGRES.image());
        container.setPortBindings(List.of("127.0.0.1:" + port + ":" + PostgreSQLContainer.POSTGRESQL_PORT));
        container.start();
        String url = "jdbc:postgresql://127.0.0.1:" + port + "/" + container.getDatabaseName();
        try (Connection connection =
                        DriverManager.getConnection(url, container.getUsername(), container.getPassword());
                Statement statement = connection.createStatement()) {
            statement.execute("CREATE ROLE operator SUPERUSER LOGIN PASSWORD 'operator'");
        }
        return new RestartablePostgres(container, url);
    }

    public DatabaseSettings settings() {
        return new DatabaseSettings(
                url, container.getUsername(), new Secret(container.getPassword()), 4, Duration.ofSeconds(2), false);
    }

    public void start() {
        container
                .getDockerClient()
                .startContainerCmd(container.getContainerId())
                .exec();
    }

    /** Sessions are ended in good order. */
    public void stop() {
        container
                .getDockerClient()
                .stopContainerCmd(container.getContainerId())
                .withTimeout(20)
                .exec();
    }

    /** Like a kill. */
    public void crash() {
        container.getDockerClient().killContainerCmd(container.getContainerId()).exec();
    }

    /** Connections stay, and nothing answers. */
    public void pause() {
        container
                .getDockerClient()
                .pauseContainerCmd(container.getContainerId())
                .exec();
    }

    public void goOn() {
        container
                .getDockerClient()
                .unpauseContainerCmd(container.getContainerId())
                .exec();
    }

    /** As another superuser than the one of the settings, whatever becomes of that one. */
    public void asOperator(String... statements) throws SQLException {
        String operator = "operator";
        try (Connection connection = DriverManager.getConnection(url, operator, operator);
                Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        }
    }

    @Override
    public void close() {
        container.stop();
    }
}
