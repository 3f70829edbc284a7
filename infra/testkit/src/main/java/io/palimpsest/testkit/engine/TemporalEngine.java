package io.palimpsest.testkit.engine;

import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.wait.strategy.Wait;

/**
 * A Temporal server (the development server, in memory) with the namespace {@code default}.
 *
 * @param target {@code host:port} of the frontend
 */
public record TemporalEngine(String target, Optional<GenericContainer<?>> container) implements Engine {
    private static final int FRONTEND = 7233;

    /** The one given by address, otherwise one in a container. */
    public static TemporalEngine start() {
        return EngineKind.TEMPORAL
                .address()
                .map(address -> new TemporalEngine(address, Optional.empty()))
                .orElseGet(TemporalEngine::startContainer);
    }

    /**
     * One of the test's own, for what others must not feel.
     *
     * @param arguments of {@code temporal server start-dev}, such as {@code --namespace}, {@code other}
     */
    public static TemporalEngine startContainer(String... arguments) {
        String[] command = {"server", "start-dev", "--ip", "0.0.0.0", "--headless", "--log-level", "warn"};
        String[] all = Stream.of(command, arguments).flatMap(Arrays::stream).toArray(String[]::new);
        GenericContainer<?> container = Containers.start(
                new GenericContainer<>(EngineKind.TEMPORAL.image())
                        .withExposedPorts(FRONTEND)
                        .withCommand(all)
                        .waitingFor(Wait.forSuccessfulCommand("temporal operator cluster health")),
                Map.of());
        return new TemporalEngine(
                container.getHost() + ":" + container.getMappedPort(FRONTEND), Optional.of(container));
    }
}
