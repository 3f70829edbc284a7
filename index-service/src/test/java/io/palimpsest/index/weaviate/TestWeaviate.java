package io.palimpsest.index.weaviate;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.palimpsest.platform.config.Secret;
import io.palimpsest.platform.config.WeaviateSettings;
import io.palimpsest.platform.config.WeaviateSettings.Quantisation;
import io.palimpsest.testkit.engine.KillableWeaviate;
import java.time.Duration;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.weaviate.WeaviateContainer;

/** The server of the tests: given by address ({@code host:httpPort:grpcPort}), or a container. */
final class TestWeaviate {
    static final String GIVEN = "TESTKIT_WEAVIATE";
    private static final String IMAGE = "semitechnologies/weaviate:1.35.2";
    private static @Nullable String started;

    private TestWeaviate() {}

    /** Under a prefix that nobody else uses; skips where there is no server. */
    static WeaviateSettings settings() {
        String[] address = address().split(":");
        String prefix = "T" + UUID.randomUUID().toString().substring(0, 8);
        return settings(address[0], Integer.parseInt(address[1]), Integer.parseInt(address[2]), prefix);
    }

    static WeaviateSettings settings(String host, int http, int grpc, String prefix) {
        return new WeaviateSettings(
                host,
                http,
                host,
                grpc,
                false,
                Secret.NONE,
                prefix,
                Duration.ofSeconds(20),
                3,
                200,
                32,
                128,
                -1,
                Quantisation.NONE,
                1);
    }

    /** Under a prefix that nobody else uses. */
    static WeaviateSettings settings(KillableWeaviate server) {
        String prefix = "T" + UUID.randomUUID().toString().substring(0, 8);
        return settings(server.host(), server.httpPort(), server.grpcPort(), prefix);
    }

    /** The same with a key, and with TLS perhaps. */
    static WeaviateSettings secured(WeaviateSettings of, String key, boolean tls) {
        return new WeaviateSettings(
                of.host(),
                of.httpPort(),
                of.grpcHost(),
                of.grpcPort(),
                tls,
                new Secret(key),
                of.prefix(),
                of.timeout(),
                of.attempts(),
                of.batch(),
                of.maxConnections(),
                of.efConstruction(),
                of.ef(),
                of.quantisation(),
                of.replication());
    }

    /** The same, with gRPC by another port. */
    static WeaviateSettings through(WeaviateSettings of, int grpcPort, Duration timeout, int attempts, int batch) {
        return new WeaviateSettings(
                of.host(),
                of.httpPort(),
                "127.0.0.1",
                grpcPort,
                of.tls(),
                of.key(),
                of.prefix(),
                timeout,
                attempts,
                batch,
                of.maxConnections(),
                of.efConstruction(),
                of.ef(),
                of.quantisation(),
                of.replication());
    }

    /** The same, given up soon. */
    static WeaviateSettings impatient(WeaviateSettings of) {
        return new WeaviateSettings(
                of.host(),
                of.httpPort(),
                of.grpcHost(),
                of.grpcPort(),
                of.tls(),
                of.key(),
                of.prefix(),
                Duration.ofSeconds(1),
                2,
                of.batch(),
                of.maxConnections(),
                of.efConstruction(),
                of.ef(),
                of.quantisation(),
                of.replication());
    }

    /** The same with another compression. */
    static WeaviateSettings compressed(WeaviateSettings of, Quantisation quantisation) {
        return graph(of, of.maxConnections(), of.efConstruction(), of.ef(), quantisation);
    }

    /** The same with another graph. */
    static WeaviateSettings graph(
            WeaviateSettings of, int maxConnections, int efConstruction, int ef, Quantisation quantisation) {
        return new WeaviateSettings(
                of.host(),
                of.httpPort(),
                of.grpcHost(),
                of.grpcPort(),
                of.tls(),
                of.key(),
                of.prefix(),
                of.timeout(),
                of.attempts(),
                of.batch(),
                maxConnections,
                efConstruction,
                ef,
                quantisation,
                of.replication());
    }

    private static synchronized String address() {
        String given = System.getenv(GIVEN);
        if (given != null && !given.isBlank()) {
            return given;
        }
        if (started == null) {
            assumeTrue(
                    DockerClientFactory.instance().isDockerAvailable(),
                    "no Weaviate: set " + GIVEN + "=host:httpPort:grpcPort, or start Docker");
            WeaviateContainer container = new WeaviateContainer(IMAGE)
                    .withEnv("RAFT_TIMEOUTS_MULTIPLIER", "1")
                    .withEnv("AUTOSCHEMA_ENABLED", "false");
            container.start();
            Runtime.getRuntime().addShutdownHook(new Thread(container::stop));
            started = container.getHttpHostAddress()
                    + container
                            .getGrpcHostAddress()
                            .substring(container.getGrpcHostAddress().lastIndexOf(':'));
        }
        return started;
    }
}
