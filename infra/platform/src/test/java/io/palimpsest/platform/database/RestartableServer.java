package io.palimpsest.platform.database;

import io.palimpsest.platform.config.DatabaseSettings;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Assumptions;
import org.testcontainers.DockerClientFactory;

/** A PostgreSQL server of a test's own, which it may stop and start; the address stays. Closed: nothing of it is left. */
interface RestartableServer extends AutoCloseable {
    DatabaseSettings settings();

    void start();

    /** Sessions are ended in good order. */
    void stop();

    /** Like a kill. */
    void crash();

    @Override
    void close();

    /** Started; made of the machine's programs, or a container. The test is skipped where there is neither. */
    static RestartableServer create() throws IOException {
        Optional<Path> programs = LocalPostgres.programs();
        Assumptions.assumeTrue(
                programs.isPresent() || DockerClientFactory.instance().isDockerAvailable(),
                "the restart of PostgreSQL was NOT tested: there are no programs of it, and no Docker");
        return programs.isPresent() ? LocalPostgres.create(programs.get()) : ContainerPostgres.create();
    }
}
