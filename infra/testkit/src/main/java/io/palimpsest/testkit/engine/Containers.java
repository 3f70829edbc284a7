package io.palimpsest.testkit.engine;

import java.util.Map;
import org.testcontainers.containers.ContainerFetchException;
import org.testcontainers.containers.GenericContainer;

/** Starts containers, and says what to do where the image cannot be had. */
final class Containers {
    private Containers() {}

    /** @param settings variables of the container's environment; they win over those set before */
    static <C extends GenericContainer<?>> C start(C container, Map<String, String> settings) {
        settings.forEach(container::addEnv);
        try {
            container.start();
        } catch (ContainerFetchException e) {
            throw new IllegalStateException(
                    "The image of an engine is neither here nor can it be pulled: run infra/testkit/images/build-images and"
                            + " `. infra/testkit/images/environment` (see infra/testkit/README.md)",
                    e);
        }
        return container;
    }
}
