package io.palimpsest.testkit.engine;

import com.github.dockerjava.api.model.Volume;
import java.net.URI;
import java.util.Map;
import java.util.Optional;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.wait.strategy.Wait;

/**
 * An S3 server: path-style addresses, versioned buckets, conditional put, checksums, multipart.
 *
 * @param endpoint {@code http://host:port}
 * @param region as requests must be signed for
 */
public record S3Engine(
        URI endpoint, String accessKey, String secretKey, String region, Optional<GenericContainer<?>> container)
        implements Engine {
    private static final int PORT = 7070;
    private static final String REGION = "us-east-1";
    static final String OBJECTS = "/objects";
    private static final String VERSIONS = "/versions";
    private static final String HEALTH = "/health";

    /** The one given by address, otherwise one in a container. */
    public static S3Engine start() {
        return EngineKind.S3.address().map(S3Engine::at).orElseGet(() -> startContainer(Map.of()));
    }

    /**
     * One of the test's own, for what others must not feel.
     *
     * @param settings variables {@code VGW_...} of versitygw, such as {@code VGW_EVENT_WEBHOOK_URL}
     */
    public static S3Engine startContainer(Map<String, String> settings) {
        return startContainer(settings, Map.of());
    }

    /** @param memoryDisks folders that are in memory, with their options */
    static S3Engine startContainer(Map<String, String> settings, Map<String, String> memoryDisks) {
        String accessKey = "palimpsest";
        String secretKey = "palimpsest-secret";
        // Volumes: objects keep their properties in extended attributes, which not every container's own file system
        // has.
        GenericContainer<?> container = Containers.start(
                new GenericContainer<>(EngineKind.S3.image())
                        .withExposedPorts(PORT)
                        .withCreateContainerCmdModifier(
                                command -> command.withVolumes(new Volume(OBJECTS), new Volume(VERSIONS)))
                        .withTmpFs(memoryDisks)
                        .withEnv("ROOT_ACCESS_KEY_ID", accessKey)
                        .withEnv("ROOT_SECRET_ACCESS_KEY", secretKey)
                        .withEnv("VGW_REGION", REGION)
                        .withEnv("VGW_HEALTH", HEALTH)
                        .withCommand("posix", "--versioning-dir", VERSIONS, OBJECTS)
                        .waitingFor(Wait.forHttp(HEALTH).forPort(PORT)),
                settings);
        URI endpoint = URI.create("http://" + container.getHost() + ":" + container.getMappedPort(PORT));
        return new S3Engine(endpoint, accessKey, secretKey, REGION, Optional.of(container));
    }

    /** @param address {@code http://accessKey:secretKey@host:port} */
    static S3Engine at(String address) {
        URI uri = URI.create(address);
        String[] keys = Optional.ofNullable(uri.getUserInfo()).orElse("").split(":", 2);
        if (keys.length != 2) {
            throw new IllegalArgumentException(EngineKind.S3.variable() + " is http://accessKey:secretKey@host:port");
        }
        URI endpoint = URI.create(uri.getScheme() + "://" + uri.getHost() + ":" + uri.getPort());
        return new S3Engine(endpoint, keys[0], keys[1], REGION, Optional.empty());
    }
}
