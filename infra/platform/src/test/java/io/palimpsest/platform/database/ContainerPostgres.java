package io.palimpsest.platform.database;

import io.palimpsest.platform.config.DatabaseSettings;
import io.palimpsest.platform.config.Secret;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.List;
import org.testcontainers.postgresql.PostgreSQLContainer;

/** A server in a container, on a port that it keeps. */
final class ContainerPostgres implements RestartableServer {
    private final PostgreSQLContainer container;
    private final String url;

    private ContainerPostgres(PostgreSQLContainer container, String url) {
        this.container = container;
        this.url = url;
    }

    @SuppressWarnings("resource") // closed with what is returned
    static ContainerPostgres create() throws IOException {
        int port;
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        PostgreSQLContainer container = new PostgreSQLContainer(TestPostgres.IMAGE);
        container.setPortBindings(List.of("127.0.0.1:" + port + ":" + PostgreSQLContainer.POSTGRESQL_PORT));
        container.start();
        return new ContainerPostgres(
                container, "jdbc:postgresql://127.0.0.1:" + port + "/" + container.getDatabaseName());
    }

    @Override
    public DatabaseSettings settings() {
        return new DatabaseSettings(
                url, container.getUsername(), new Secret(container.getPassword()), 4, Duration.ofSeconds(2), false);
    }

    @Override
    public void start() {
        container
                .getDockerClient()
                .startContainerCmd(container.getContainerId())
                .exec();
    }

    @Override
    public void stop() {
        container
                .getDockerClient()
                .stopContainerCmd(container.getContainerId())
                .withTimeout(20)
                .exec();
    }

    @Override
    public void crash() {
        container.getDockerClient().killContainerCmd(container.getContainerId()).exec();
    }

    @Override
    public void close() {
        container.stop();
    }
}
