package io.palimpsest.platform.config;

import java.net.URI;

/** Addresses to which secrets may be sent. */
final class SafeAddress {
    private SafeAddress() {}

    /** Whether it is one of https, or of http on loopback. */
    static boolean isSafe(String text) {
        try {
            URI address = URI.create(text);
            String host = address.getHost();
            return host != null
                    && ("https".equals(address.getScheme())
                            || ("http".equals(address.getScheme()) && host.matches("localhost|127\\.[0-9.]+|\\[::1]")));
        } catch (IllegalArgumentException e) {
            return false;
        }
    }
}
