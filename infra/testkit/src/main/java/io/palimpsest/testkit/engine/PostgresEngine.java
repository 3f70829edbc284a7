package io.palimpsest.testkit.engine;

import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.postgresql.PostgreSQLContainer;

/**
 * A PostgreSQL server and one of its databases; the user may make more of them.
 *
 * @param host name or address
 * @param port of the server
 * @param database its name
 */
public record PostgresEngine(
        String host, int port, String database, String user, String password, Optional<GenericContainer<?>> container)
        implements Engine {
    private static final int DEFAULT_PORT = 5432;

    /** The one given by address, otherwise one in a container. */
    public static PostgresEngine start() {
        return EngineKind.POSTGRES
                .address()
                .map(PostgresEngine::at)
                .orElseGet(() -> startContainer("-c", "wal_level=logical"));
    }

    /**
     * One of the test's own, for what others must not feel.
     *
     * @param arguments of the server's command line, such as {@code -c}, {@code wal_level=logical}
     */
    public static PostgresEngine startContainer(String... arguments) {
        String[] command = Stream.concat(
                        Stream.of("postgres", "-c", "fsync=off", "-c", "max_connections=300"), Arrays.stream(arguments))
                .toArray(String[]::new);
        PostgreSQLContainer container = new PostgreSQLContainer(EngineKind.POSTGRES.image());
        container.setCommand(command);
        Containers.start(container, Map.of());
        return of(container);
    }

    static PostgresEngine of(PostgreSQLContainer container) {
        return new PostgresEngine(
                container.getHost(),
                container.getMappedPort(PostgreSQLContainer.POSTGRESQL_PORT),
                container.getDatabaseName(),
                container.getUsername(),
                container.getPassword(),
                Optional.of(container));
    }

    /** Without user and password. */
    public String jdbcUrl() {
        return "jdbc:postgresql://" + host + ":" + port + "/" + database;
    }

    /** A new empty database of the same server, for one test; closing what is returned closes nothing. */
    public PostgresEngine newDatabase() throws SQLException {
        String name = "test_" + UUID.randomUUID().toString().replace('-', '_');
        try (Connection connection = DriverManager.getConnection(jdbcUrl(), user, password);
                Statement statement = connection.createStatement()) {
            statement.execute("CREATE DATABASE " + name);
        }
        return new PostgresEngine(host, port, name, user, password, Optional.empty());
    }

    /** @param address {@code [jdbc:]postgresql://[user:password@]host[:port]/database[?user=...&password=...]} */
    static PostgresEngine at(String address) {
        URI uri = URI.create(address.startsWith("jdbc:") ? address.substring("jdbc:".length()) : address);
        String[] credentials = Optional.ofNullable(uri.getUserInfo()).orElse("").split(":", 2);
        Map<String, String> parameters = parameters(uri);
        return new PostgresEngine(
                uri.getHost(),
                uri.getPort() < 0 ? DEFAULT_PORT : uri.getPort(),
                uri.getPath().substring(1),
                parameters.getOrDefault("user", credentials[0]),
                parameters.getOrDefault("password", credentials.length > 1 ? credentials[1] : ""),
                Optional.empty());
    }

    private static Map<String, String> parameters(URI uri) {
        return Optional.ofNullable(uri.getRawQuery()).stream()
                .flatMap(query -> Arrays.stream(query.split("&")))
                .map(parameter -> parameter.split("=", 2))
                .collect(Collectors.toMap(pair -> pair[0], pair -> decoded(pair[1])));
    }

    private static String decoded(String value) {
        return URLDecoder.decode(value, StandardCharsets.UTF_8);
    }

    /** Of Palimpsest, so that it uses this one. */
    public Map<String, String> settings() {
        return Map.of("database.url", jdbcUrl(), "database.user", user, "database.password", password);
    }
}
