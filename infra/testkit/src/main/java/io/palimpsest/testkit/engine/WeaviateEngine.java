package io.palimpsest.testkit.engine;

import java.util.Map;
import java.util.Optional;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.weaviate.WeaviateContainer;

/**
 * A Weaviate server, one node, no modules.
 *
 * @param host name or address
 * @param httpPort of REST and GraphQL
 * @param grpcPort of gRPC
 */
public record WeaviateEngine(String host, int httpPort, int grpcPort, Optional<GenericContainer<?>> container)
        implements Engine {
    private static final int HTTP = 8080;
    private static final int GRPC = 50051;
    /** The name outlives a restart; the multiplier makes the single node elect itself in 1 s instead of 5 (measured). */
    static final Map<String, String> ALONE = Map.of(
            "CLUSTER_HOSTNAME", "node1",
            "RAFT_TIMEOUTS_MULTIPLIER", "1",
            "AUTOSCHEMA_ENABLED", "false",
            "DISABLE_TELEMETRY", "true");

    /** The one given by address, otherwise one in a container. */
    public static WeaviateEngine start() {
        return EngineKind.WEAVIATE.address().map(WeaviateEngine::at).orElseGet(() -> startContainer(Map.of()));
    }

    /**
     * One of the test's own, for what others must not feel.
     *
     * @param settings variables of the server, such as {@code AUTHENTICATION_APIKEY_ENABLED}
     */
    public static WeaviateEngine startContainer(Map<String, String> settings) {
        WeaviateContainer container =
                Containers.start(new WeaviateContainer(EngineKind.WEAVIATE.image()).withEnv(ALONE), settings);
        return new WeaviateEngine(
                container.getHost(),
                container.getMappedPort(HTTP),
                container.getMappedPort(GRPC),
                Optional.of(container));
    }

    /** Base of the REST API, without a slash at the end. */
    public String httpUrl() {
        return "http://" + host + ":" + httpPort;
    }

    /** @param address {@code host:httpPort:grpcPort} */
    static WeaviateEngine at(String address) {
        String[] parts = address.split(":");
        if (parts.length != 3) {
            throw new IllegalArgumentException(
                    EngineKind.WEAVIATE.variable() + " is host:httpPort:grpcPort, not " + address);
        }
        return new WeaviateEngine(parts[0], Integer.parseInt(parts[1]), Integer.parseInt(parts[2]), Optional.empty());
    }

    /**
     * Of Palimpsest, so that it uses this one.
     *
     * @param prefix of its collections
     */
    public Map<String, String> settings(String prefix) {
        return Map.of(
                "index.engine",
                "weaviate",
                "index.weaviate.host",
                host,
                "index.weaviate.http.port",
                Integer.toString(httpPort),
                "index.weaviate.grpc.port",
                Integer.toString(grpcPort),
                "index.weaviate.prefix",
                prefix);
    }
}
