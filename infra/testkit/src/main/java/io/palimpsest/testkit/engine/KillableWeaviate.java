package io.palimpsest.testkit.engine;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.model.ExposedPort;
import com.github.dockerjava.api.model.PortBinding;
import com.github.dockerjava.api.model.Ports;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.testcontainers.utility.MountableFile;
import org.testcontainers.weaviate.WeaviateContainer;

/** A server of a test's own that dies as if its process was killed, and comes back at the same address with its data. */
public final class KillableWeaviate implements AutoCloseable {
    private static final int HTTP = 8080;
    private static final int GRPC = 50051;
    private static final String DATA = "/var/lib/weaviate";
    private static final int DISK_MIB = 128;
    private static final String DISK = "size=" + DISK_MIB + "m";
    private static final String BALLAST = DATA + "/ballast";
    private static final String SCRIPT = "/etc/run-weaviate";

    private final WeaviateContainer container;
    private final int http = freePort();
    private final int grpc = freePort();

    /** @param environment variables of the server */
    public KillableWeaviate(Map<String, String> environment) throws IOException {
        this(container(Map.of()), environment);
    }

    /** With a disk of its own in memory, which {@link #fillDisk} fills; it does not survive a kill. */
    public static KillableWeaviate withSmallDisk(Map<String, String> environment) throws IOException {
        return new KillableWeaviate(container(Map.of(DATA, DISK)), environment);
    }

    /**
     * The same, started by a script that is given the server's arguments, and again whenever that ends: as by an engine that
     * restarts containers, but with the disk still there.
     */
    public static KillableWeaviate withSmallDisk(Map<String, String> environment, Path script) throws IOException {
        return new KillableWeaviate(
                container(Map.of(DATA, DISK))
                        .withCopyFileToContainer(MountableFile.forHostPath(script), SCRIPT)
                        .withCreateContainerCmdModifier(command -> command.withEntrypoint(
                                        "sh", "-c", "while :; do sh " + SCRIPT + " \"$@\"; done", "restarts")
                                .withCmd("--host", "0.0.0.0", "--port", Integer.toString(HTTP), "--scheme", "http")),
                environment);
    }

    private KillableWeaviate(WeaviateContainer made, Map<String, String> environment) throws IOException {
        container = made.withCreateContainerCmdModifier(command -> Objects.requireNonNull(command.getHostConfig())
                .withPortBindings(List.of(binding(http, HTTP), binding(grpc, GRPC))));
        Containers.start(container, environment);
    }

    private static WeaviateContainer container(Map<String, String> memoryDisks) {
        return new WeaviateContainer(EngineKind.WEAVIATE.image())
                .withEnv(WeaviateEngine.ALONE)
                .withTmpFs(memoryDisks);
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
        String ballast = "head -c " + DISK_MIB * 900_000L + " /dev/zero > " + BALLAST;
        container.execInContainer("sh", "-c", ballast);
    }

    /** Takes away what filled it. */
    public void emptyDisk() throws IOException, InterruptedException {
        container.execInContainer("rm", BALLAST);
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
