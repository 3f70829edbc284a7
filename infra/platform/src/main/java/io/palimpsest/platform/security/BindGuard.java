package io.palimpsest.platform.security;

import io.palimpsest.contracts.error.ErrorCode;
import io.palimpsest.contracts.error.PalimpsestException;
import io.palimpsest.platform.config.HttpSettings;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;

/** Nothing listens beyond this machine without keys and TLS. */
public final class BindGuard {
    private BindGuard() {}

    /** @throws PalimpsestException {@link ErrorCode#CONFIG_INVALID} naming what is missing */
    public static void check(HttpSettings settings) {
        if (isLoopback(settings.host())) {
            return;
        }
        List<String> missing = new ArrayList<>();
        if (settings.keyFile().isEmpty()) {
            missing.add("http.key.file");
        }
        if (settings.tlsKeystore().isEmpty()) {
            missing.add("http.tls.keystore");
        }
        if (!missing.isEmpty()) {
            throw new PalimpsestException(
                    ErrorCode.CONFIG_INVALID,
                    "http.host=" + settings.host() + " is reachable from other machines: set "
                            + String.join(" and ", missing) + ", or bind to 127.0.0.1");
        }
    }

    private static boolean isLoopback(String host) {
        try {
            for (InetAddress address : InetAddress.getAllByName(host)) {
                if (!address.isLoopbackAddress()) {
                    return false;
                }
            }
            return !host.isBlank();
        } catch (UnknownHostException e) {
            throw new PalimpsestException(ErrorCode.CONFIG_INVALID, "http.host=" + host + " is not an address", e);
        }
    }
}
