package io.palimpsest.standalone.cli;

import io.palimpsest.contracts.error.PalimpsestException;
import io.palimpsest.platform.security.TrustedServers;
import java.nio.file.Path;
import javax.net.ssl.SSLContext;

/** TLS that believes the certificates of the file that a command names. */
final class TrustedCertificates {
    private TrustedCertificates() {}

    /** @param file one or more certificates, PEM */
    static SSLContext context(Path file) {
        try {
            return TrustedServers.context(file);
        } catch (PalimpsestException e) {
            throw new ApiClient.CallFailed("--ca: " + e.getMessage());
        }
    }
}
