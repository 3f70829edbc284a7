package io.palimpsest.platform.database;

import io.palimpsest.platform.config.DatabaseSettings;
import io.palimpsest.platform.config.Secret;
import io.palimpsest.testkit.engine.EngineKind;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.List;
import org.testcontainers.postgresql.PostgreSQLContainer;

/** A server of a test's own in a container, which it may stop, crash and start; the address stays. */
final class RestartablePostgres implements AutoCloseable {
    private final PostgreSQLContainer container;
    private final String url;

    private RestartablePostgres(PostgreSQLContainer container, String url) {
        this.container = container;
        this.url = url;
    }

    @SuppressWarnings("resource") // closed with what is returned
    static RestartablePostgres create() throws IOException {
        int port;
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        PostgreSQLContainer container = new PostgreSQLContainer(EngineKind.POSTGRES.image());
        container.setPortBindings(List.of("127.0.0.1:" + port + ":" + PostgreSQLContainer.POSTGRESQL_PORT));
        container.start();
        return new RestartablePostgres(
                container, "jdbc:postgresql://127.0.0.1:" + port + "/" + container.getDatabaseName());
    }

    DatabaseSettings settings() {
        return new DatabaseSettings(
                url, container.getUsername(), new Secret(container.getPassword()), 4, Duration.ofSeconds(2), false);
    }

    void start() {
        container
                .getDockerClient()
                .startContainerCmd(container.getContainerId())
                .exec();
    }

    /** Sessions are ended in good order. */
    void stop() {
        container
                .getDockerClient()
                .stopContainerCmd(container.getContainerId())
                .withTimeout(20)
                .exec();
    }

    /** Like a kill. */
    void crash() {
        container.getDockerClient().killContainerCmd(container.getContainerId()).exec();
    }

    @Override
    public void close() {
        container.stop();
    }
}
