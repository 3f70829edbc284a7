package io.palimpsest.testkit.engine;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.Properties;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.utility.DockerImageName;

/** The engines there are, the official image of each (pinned in {@code images.properties}), and where one may be given. */
public enum EngineKind {
    /** {@code TESTKIT_KAFKA}: bootstrap servers. */
    KAFKA(KafkaEngine.class),
    /** {@code TESTKIT_POSTGRES}: {@code postgresql://user:password@host:port/database}, or as a JDBC URL. */
    POSTGRES(PostgresEngine.class),
    /** {@code TESTKIT_WEAVIATE}: {@code host:httpPort:grpcPort}. */
    WEAVIATE(WeaviateEngine.class),
    /** {@code TESTKIT_TEMPORAL}: {@code host:port} of the frontend. */
    TEMPORAL(TemporalEngine.class),
    /** {@code TESTKIT_S3}: {@code http://accessKey:secretKey@host:port}. */
    S3(S3Engine.class);

    private static final String IMAGES = "images.properties";

    private final Class<? extends Engine> type;

    EngineKind(Class<? extends Engine> type) {
        this.type = type;
    }

    /** The official image; Testcontainers puts its prefix before it where one is set. */
    public DockerImageName image() {
        Properties images = new Properties();
        try (InputStream in = Objects.requireNonNull(EngineKind.class.getResourceAsStream(IMAGES), IMAGES)) {
            images.load(in);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return DockerImageName.parse(
                Objects.requireNonNull(images.getProperty(name().toLowerCase(Locale.ROOT)), name()));
    }

    /** The variable of the environment that gives the engine by address. Not {@code PALIMPSEST_…}: those are settings. */
    public String variable() {
        return "TESTKIT_" + name();
    }

    /** Why tests cannot have this engine here; empty when they can. */
    public Optional<String> missing() {
        if (address().isPresent() || DockerClientFactory.instance().isDockerAvailable()) {
            return Optional.empty();
        }
        return Optional.of("Engine missing: no Docker engine answers, and " + variable() + " is not set");
    }

    Optional<String> address() {
        return Optional.ofNullable(System.getenv(variable())).filter(address -> !address.isBlank());
    }

    Class<? extends Engine> type() {
        return type;
    }

    Engine start() {
        return switch (this) {
            case KAFKA -> KafkaEngine.start();
            case POSTGRES -> PostgresEngine.start();
            case WEAVIATE -> WeaviateEngine.start();
            case TEMPORAL -> TemporalEngine.start();
            case S3 -> S3Engine.start();
        };
    }
}
