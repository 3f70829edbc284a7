package io.palimpsest.index.weaviate;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.model.ExposedPort;
import com.github.dockerjava.api.model.PortBinding;
import com.github.dockerjava.api.model.Ports;
import io.palimpsest.platform.config.WeaviateSettings;
import io.palimpsest.testkit.engine.EngineKind;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.testcontainers.weaviate.WeaviateContainer;

/** A server of a test's own that dies as if its process was killed, and comes back at the same address with its data. */
final class KillableWeaviate implements AutoCloseable {
    private static final int HTTP = 8080;
    private static final int GRPC = 50051;

    private final WeaviateContainer container;
    private final int http = freePort();
    private final int grpc = freePort();

    KillableWeaviate(Map<String, String> environment) throws IOException {
        Map<String, String> all = new HashMap<>(
                Map.of("CLUSTER_HOSTNAME", "node1", "RAFT_TIMEOUTS_MULTIPLIER", "1", "DISABLE_TELEMETRY", "true"));
        all.putAll(environment);
        container = new WeaviateContainer(EngineKind.WEAVIATE.image())
                .withEnv(all)
                .withCreateContainerCmdModifier(command -> command.getHostConfig()
                        .withPortBindings(List.of(binding(http, HTTP), binding(grpc, GRPC))));
        container.start();
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private static PortBinding binding(int host, int inside) {
        return new PortBinding(Ports.Binding.bindIpAndPort("127.0.0.1", host), ExposedPort.tcp(inside));
    }

    WeaviateSettings settings() {
        return TestWeaviate.settings(
                "127.0.0.1", http, grpc, "T" + UUID.randomUUID().toString().substring(0, 8));
    }

    String url() {
        return "http://127.0.0.1:" + http;
    }

    String logs() {
        return container.getLogs();
    }

    private DockerClient docker() {
        return container.getDockerClient();
    }

    void kill() {
        docker().killContainerCmd(container.getContainerId()).withSignal("KILL").exec();
    }

    void startAgain() {
        docker().startContainerCmd(container.getContainerId()).exec();
    }

    /** Connections stay, and nothing answers. */
    void pause() {
        docker().pauseContainerCmd(container.getContainerId()).exec();
    }

    void goOn() {
        docker().unpauseContainerCmd(container.getContainerId()).exec();
    }

    @Override
    public void close() {
        container.stop();
    }
}
