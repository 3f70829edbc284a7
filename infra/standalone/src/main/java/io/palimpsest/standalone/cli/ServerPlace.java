package io.palimpsest.standalone.cli;

import java.net.URI;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which server a client command means. */
final class ServerPlace {
    @Option(
            names = "--data",
            paramLabel = "DIR",
            defaultValue = "palimpsest-data",
            description = "Data directory of the server, for its address and local key (default: ${DEFAULT-VALUE}).")
    Path data = Path.of("palimpsest-data");

    @Option(names = "--api", paramLabel = "URL", description = "Address of the API, when not on this machine.")
    @Nullable
    URI api;

    /** Empty where no server runs on the data directory. */
    Optional<URI> address() {
        return Optional.ofNullable(api).or(() -> ServerAddress.read(data).map(ServerAddress::api));
    }
}
