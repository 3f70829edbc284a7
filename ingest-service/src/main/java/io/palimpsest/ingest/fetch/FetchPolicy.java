package io.palimpsest.ingest.fetch;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What may be fetched, and at what cost. Nothing is allowed that is not named.
 *
 * @param allowedRoots folders under which {@code file:} references may point
 * @param allowedHosts for {@code http:} and {@code https:}: host names, {@code *.example.org} for all below, {@code *} for any
 * @param allowPrivateAddresses whether those hosts may be on this machine or a private network
 * @param connectTimeout of one connection
 * @param totalTimeout of one fetch, redirects included
 * @param caFile certificates to trust for {@code https:}, PEM; empty: those that the JVM trusts
 */
public record FetchPolicy(
        List<Path> allowedRoots,
        Set<String> allowedHosts,
        boolean allowPrivateAddresses,
        long maxBytes,
        Duration connectTimeout,
        Duration totalTimeout,
        int maxRedirects,
        Optional<Path> caFile) {
    public static final long DEFAULT_MAX_BYTES = 256L << 20;

    public FetchPolicy {
        allowedRoots = List.copyOf(allowedRoots);
        allowedHosts = allowedHosts.stream()
                .map(host -> host.toLowerCase(Locale.ROOT))
                .collect(Collectors.toUnmodifiableSet());
        if (maxBytes <= 0 || maxRedirects < 0 || connectTimeout.isNegative() || totalTimeout.isNegative()) {
            throw new IllegalArgumentException("fetch limits must be positive");
        }
    }

    /** Public addresses only, 256 MiB, 5 s to connect, 60 s in total, 5 redirects. */
    public static FetchPolicy of(List<Path> allowedRoots, Set<String> allowedHosts) {
        return new FetchPolicy(
                allowedRoots,
                allowedHosts,
                false,
                DEFAULT_MAX_BYTES,
                Duration.ofSeconds(5),
                Duration.ofSeconds(60),
                5,
                Optional.empty());
    }

    boolean allowsHost(String host) {
        String name = host.toLowerCase(Locale.ROOT);
        return allowedHosts.contains("*")
                || allowedHosts.contains(name)
                || allowedHosts.stream()
                        .anyMatch(allowed -> allowed.startsWith("*.") && name.endsWith(allowed.substring(1)));
    }
}
