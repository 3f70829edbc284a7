package io.palimpsest.testkit.engine;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.model.ExposedPort;
import com.github.dockerjava.api.model.PortBinding;
import com.github.dockerjava.api.model.Ports;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.testcontainers.weaviate.WeaviateContainer;

/** A server of a test's own that dies as if its process was killed, and comes back at the same address with its data. */
public final class KillableWeaviate implements AutoCloseable {
    private static final int HTTP = 8080;
    private static final int GRPC = 50051;
    private static final String DATA = "/var/lib/weaviate";
    private static final int DISK_MIB = 128;

    private final WeaviateContainer container;
    private final int http = freePort();
    private final int grpc = freePort();

    /** @param environment variables of the server */
    public KillableWeaviate(Map<String, String> environment) throws IOException {
        this(environment, Map.of());
    }

    /** With a disk of its own in memory, which {@link #fillDisk} fills; it does not survive a kill. */
    public static KillableWeaviate withSmallDisk(Map<String, String> environment) throws IOException {
        return new KillableWeaviate(environment, Map.of(DATA, "size=" + DISK_MIB + "m"));
    }

    private KillableWeaviate(Map<String, String> environment, Map<String, String> memoryDisks) throws IOException {
        container = new WeaviateContainer(EngineKind.WEAVIATE.image())
                .withEnv(WeaviateEngine.ALONE)
                .withCreateContainerCmdModifier(command -> Objects.requireNonNull(command.getHostConfig())
                        .withPortBindings(List.of(binding(http, HTTP), binding(grpc, GRPC))))
                .withTmpFs(memoryDisks);
        Containers.start(container, environment);
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private static PortBinding binding(int host, int inside) {
        return new PortBinding(Ports.Binding.bindIpAndPort("127.0.0.1", host), ExposedPort.tcp(inside));
    }

    public String host() {
        return "127.0.0.1";
    }

    public int httpPort() {
        return http;
    }

    public int grpcPort() {
        return grpc;
    }

    /** Nine tenths of it. */
    public void fillDisk() throws IOException, InterruptedException {
        String ballast = "head -c " + DISK_MIB * 900_000L + " /dev/zero > " + DATA + "/ballast";
        container.execInContainer("sh", "-c", ballast);
    }

    private DockerClient docker() {
        return container.getDockerClient();
    }

    public void kill() {
        docker().killContainerCmd(container.getContainerId()).withSignal("KILL").exec();
    }

    public void startAgain() {
        docker().startContainerCmd(container.getContainerId()).exec();
    }

    /** Connections stay, and nothing answers. */
    public void pause() {
        docker().pauseContainerCmd(container.getContainerId()).exec();
    }

    public void goOn() {
        docker().unpauseContainerCmd(container.getContainerId()).exec();
    }

    @Override
    public void close() {
        container.stop();
    }
}
