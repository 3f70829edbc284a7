package io.palimpsest.platform.database;

import io.palimpsest.platform.config.DatabaseSettings;
import io.palimpsest.platform.config.Secret;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Assumptions;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.postgresql.PostgreSQLContainer;

/**
 * A PostgreSQL server for tests, one for all of a JVM: that of {@value #GIVEN} (system property or environment; a JDBC
 * address with user and password in it), or else one in a container. Where there is neither, the test is skipped and says
 * so. The user must be allowed to make schemas and databases.
 */
public final class TestPostgres {
    static final String GIVEN = "PALIMPSEST_TEST_POSTGRES";
    static final String IMAGE = "postgres:18.1";

    private TestPostgres() {}

    /** Made when it is first asked for. */
    private static final class Shared {
        private static final Optional<String> ADDRESS = given().or(Shared::contained);

        private static Optional<String> given() {
            return Optional.ofNullable(System.getProperty(GIVEN))
                    .or(() -> Optional.ofNullable(System.getenv(GIVEN)))
                    .filter(text -> !text.isBlank());
        }

        @SuppressWarnings("resource") // lives as long as the JVM
        private static Optional<String> contained() {
            if (!DockerClientFactory.instance().isDockerAvailable()) {
                return Optional.empty();
            }
            PostgreSQLContainer container = new PostgreSQLContainer(IMAGE);
            container.start();
            Runtime.getRuntime().addShutdownHook(new Thread(container::stop));
            String url = container.getJdbcUrl();
            return Optional.of(url + (url.contains("?") ? "&" : "?") + "user=" + container.getUsername() + "&password="
                    + container.getPassword());
        }
    }

    /** The server's address, with user and password in it. */
    public static String jdbcUrl() {
        Assumptions.assumeTrue(
                Shared.ADDRESS.isPresent(),
                () -> "PostgreSQL was NOT tested: give " + GIVEN
                        + "=jdbc:postgresql://HOST:PORT/DATABASE?user=...&password=..., or start Docker");
        return Shared.ADDRESS.orElseThrow();
    }

    /** The same, as settings have it. */
    static DatabaseSettings server() {
        String given = jdbcUrl();
        int question = given.indexOf('?');
        List<String> kept = new ArrayList<>();
        String user = "";
        String password = "";
        for (String parameter :
                question < 0 ? new String[0] : given.substring(question + 1).split("&")) {
            if (parameter.startsWith("user=")) {
                user = parameter.substring("user=".length());
            } else if (parameter.startsWith("password=")) {
                password = parameter.substring("password=".length());
            } else {
                kept.add(parameter);
            }
        }
        String url = question < 0 ? given : given.substring(0, question);
        return new DatabaseSettings(
                kept.isEmpty() ? url : url + "?" + String.join("&", kept),
                user,
                new Secret(password),
                4,
                Duration.ofSeconds(10),
                false);
    }

    /** Another address, with the same user. */
    static DatabaseSettings at(DatabaseSettings server, String url) {
        return new DatabaseSettings(
                url, server.user(), server.password(), server.poolSize(), server.busyTimeout(), server.sync());
    }
}
