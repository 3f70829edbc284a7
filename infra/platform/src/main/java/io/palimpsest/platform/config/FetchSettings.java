package io.palimpsest.platform.config;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Fetching of referenced content.
 */
public record FetchSettings(
        List<Path> allowedRoots,
        Set<String> allowedHosts,
        boolean allowPrivateAddresses,
        long maxBytes,
        Duration connectTimeout,
        Duration timeout,
        int maxRedirects,
        Optional<Path> caFile) {
    static void define(Definition definition) {
        definition
                .group("Fetch")
                .list(
                        "fetch.allowed.roots",
                        "",
                        "Folders that file: references may lie in, comma-separated. Empty: none.")
                .list(
                        "fetch.allowed.hosts",
                        "",
                        "Hosts that http: and https: references may name, comma-separated; *.example.org for all below; * for any. Empty: none.")
                .flag(
                        "fetch.allow.private.addresses",
                        false,
                        "Whether hosts may resolve to loopback, private or link-local addresses.")
                .number("fetch.max.bytes", 268_435_456, 1, "Largest fetched content.")
                .number("fetch.connect.timeout.ms", 5_000, 1, "Longest wait for a connection.")
                .number("fetch.timeout.ms", 60_000, 1, "Longest time for one fetch in all.")
                .integer(
                        "fetch.max.redirects",
                        5,
                        0,
                        20,
                        "Most redirects followed; each target is checked like the first.")
                .text(
                        "fetch.ca.file",
                        "",
                        "PEM file of the certificates to trust for https: references. Empty: those that the JVM trusts.");
    }

    static FetchSettings of(Values values) {
        return new FetchSettings(
                values.paths("fetch.allowed.roots"),
                values.set("fetch.allowed.hosts"),
                values.flag("fetch.allow.private.addresses"),
                values.number("fetch.max.bytes"),
                values.millis("fetch.connect.timeout.ms"),
                values.millis("fetch.timeout.ms"),
                values.integer("fetch.max.redirects"),
                values.path("fetch.ca.file"));
    }
}
