package io.palimpsest.testkit.engine;

import com.github.dockerjava.api.model.Volume;
import java.net.URI;
import java.util.Map;
import java.util.Optional;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.wait.strategy.Wait;
import org.testcontainers.images.builder.Transferable;

/**
 * An S3 server: path-style addresses, versioned buckets, conditional put, checksums, multipart.
 *
 * @param endpoint {@code http://host:port}, or {@code https}
 * @param region as requests must be signed for
 */
public record S3Engine(
        URI endpoint, String accessKey, String secretKey, String region, Optional<GenericContainer<?>> container)
        implements Engine {
    private static final int PORT = 7070;
    private static final String ACCESS_KEY = "palimpsest";
    private static final String SECRET_KEY = "palimpsest-secret";
    private static final String CERTIFICATE = "/server.pem";
    private static final String KEY = "/server.key";
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
        return started(container(memoryDisks).waitingFor(Wait.forHttp(HEALTH).forPort(PORT)), "http", settings);
    }

    /** One that speaks TLS only. */
    public static S3Engine startSecured(Certificates certificates) {
        GenericContainer<?> container = container(Map.of())
                .withCopyToContainer(Transferable.of(certificates.serverCertificate()), CERTIFICATE)
                .withCopyToContainer(Transferable.of(certificates.serverKey()), KEY)
                .waitingFor(Wait.forHttps(HEALTH).forPort(PORT).allowInsecure());
        return started(container, "https", Map.of("VGW_CERT", CERTIFICATE, "VGW_KEY", KEY));
    }

    private static GenericContainer<?> container(Map<String, String> memoryDisks) {
        // Volumes: objects keep their properties in extended attributes, which not every container's own file system
        // has.
        return new GenericContainer<>(EngineKind.S3.image())
                .withExposedPorts(PORT)
                .withCreateContainerCmdModifier(
                        command -> command.withVolumes(new Volume(OBJECTS), new Volume(VERSIONS)))
                .withTmpFs(memoryDisks)
                .withEnv("ROOT_ACCESS_KEY_ID", ACCESS_KEY)
                .withEnv("ROOT_SECRET_ACCESS_KEY", SECRET_KEY)
                .withEnv("VGW_REGION", REGION)
                .withEnv("VGW_HEALTH", HEALTH)
                .withCommand("posix", "--versioning-dir", VERSIONS, OBJECTS);
    }

    private static S3Engine started(GenericContainer<?> container, String scheme, Map<String, String> settings) {
        Containers.start(container, settings);
        URI endpoint = URI.create(scheme + "://" + container.getHost() + ":" + container.getMappedPort(PORT));
        return new S3Engine(endpoint, ACCESS_KEY, SECRET_KEY, REGION, Optional.of(container));
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
