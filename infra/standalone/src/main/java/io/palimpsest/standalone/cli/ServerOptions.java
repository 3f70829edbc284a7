package io.palimpsest.standalone.cli;

import io.palimpsest.platform.security.LocalKey;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** How a client command finds the server and its key. */
public final class ServerOptions {
    @Mixin
    ServerPlace place = new ServerPlace();

    @Option(
            names = "--key",
            paramLabel = "KEY",
            defaultValue = "${env:PALIMPSEST_KEY}",
            description = "API key (default: $PALIMPSEST_KEY, or the local key in the data directory).")
    @Nullable
    String key;

    @Option(
            names = "--ca",
            paramLabel = "FILE",
            defaultValue = "${env:PALIMPSEST_CA}",
            description = "Certificates to trust (PEM), where the server's is not of a public authority (default:"
                    + " $PALIMPSEST_CA).")
    @Nullable
    Path authority;

    @Option(names = "--json", description = "Print the answer as JSON.")
    boolean json;

    ApiClient client() {
        URI address = place.address()
                .orElseThrow(() -> new ApiClient.CallFailed("No server runs on " + place.data.toAbsolutePath()
                        + " : start one with ./palimpsest up, or name it with --api URL or --data DIR"));
        return authority == null
                ? new ApiClient(address, secret())
                : new ApiClient(address, secret(), TrustedCertificates.context(authority));
    }

    private String secret() {
        if (key != null) {
            return key;
        }
        try {
            return Files.readString(LocalKey.file(place.data)).strip();
        } catch (IOException e) {
            throw new ApiClient.CallFailed(
                    "No key: give --key, set PALIMPSEST_KEY, or point --data to the server's data directory");
        }
    }
}
