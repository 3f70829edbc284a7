package io.palimpsest.platform.config;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * An S3 server, and who we are there.
 *
 * @param endpoint empty: that of the region at AWS
 * @param caFile certificates to trust there, PEM; empty: those that the JVM trusts
 * @param accessKey and {@code secretKey}: absent, they come from where AWS' tools take them (environment, profile,
 *     instance role)
 * @param pathStyle the bucket is named in the path of an address, not in its host
 * @param timeout of one attempt of a request
 * @param attempts of one request, the first included
 */
public record S3Access(
        Optional<URI> endpoint,
        String region,
        Optional<Path> caFile,
        Secret accessKey,
        Secret secretKey,
        boolean pathStyle,
        Duration timeout,
        int attempts) {
    static void define(Definition definition, String prefix) {
        definition
                .text(prefix + "endpoint", "", "Address of an S3 server, such as https://s3.example.org. Empty: AWS.")
                .text(prefix + "region", "us-east-1", "Region that requests are signed for.")
                .text(
                        prefix + "ca.file",
                        "",
                        "PEM file of the certificates to trust at the endpoint. Empty: those that the JVM trusts.")
                .secret(
                        prefix + "access.key",
                        "Access key id. Empty, and the secret too: from where AWS' tools take them (environment, profile,"
                                + " instance role).")
                .secret(prefix + "secret.key", "Secret access key.")
                .flag(
                        prefix + "path.style",
                        true,
                        "Whether addresses name the bucket in their path; false: in their host, as AWS prefers.")
                .duration(prefix + "timeout", "PT30S", "How long one attempt of a request may take.")
                .integer(
                        prefix + "attempts",
                        5,
                        1,
                        20,
                        "Attempts of one request where another one can help, with growing pauses.");
    }

    static S3Access of(Values values, String prefix) {
        return new S3Access(
                values.uri(prefix + "endpoint"),
                values.text(prefix + "region"),
                values.path(prefix + "ca.file"),
                values.secret(prefix + "access.key"),
                values.secret(prefix + "secret.key"),
                values.flag(prefix + "path.style"),
                values.duration(prefix + "timeout"),
                values.integer(prefix + "attempts"));
    }

    /** What no single value can be checked for. */
    static List<String> problems(Values values, String prefix) {
        List<String> problems = new ArrayList<>();
        if (values.secret(prefix + "access.key").isPresent()
                != values.secret(prefix + "secret.key").isPresent()) {
            problems.add(prefix + "access.key and " + prefix + "secret.key: give both or neither");
        }
        if (values.text(prefix + "endpoint").contains("@")) {
            problems.add(prefix + "endpoint: give keys as " + prefix + "access.key and " + prefix
                    + "secret.key: addresses are shown and logged");
        }
        return problems;
    }

    /** Where it is, for messages. */
    public String address() {
        return endpoint.map(URI::toString).orElse("AWS " + region);
    }
}
