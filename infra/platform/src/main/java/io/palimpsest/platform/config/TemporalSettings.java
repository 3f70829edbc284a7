package io.palimpsest.platform.config;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A Temporal server, for workflows.
 *
 * @param address {@code host:port} of the frontend; empty: a server of our own
 * @param tls whether the connection is encrypted
 * @param caFile PEM; empty: the authorities the JVM trusts
 * @param certFile PEM, what we show of ourselves, with {@code keyFile} (PKCS#8 PEM)
 * @param serverName expected in the server's certificate instead of the host
 * @param apiKey sent with each call; read from the file at each call where {@code apiKeyFile} is given
 * @param startTimeout how long a start waits for the server
 * @param program the {@code temporal} program, for a server of our own where no address is given; empty: the one on the path
 * @param uiPort of that server's web pages
 */
public record TemporalSettings(
        Optional<String> address,
        String namespace,
        boolean tls,
        Optional<Path> caFile,
        Optional<Path> certFile,
        Optional<Path> keyFile,
        Optional<String> serverName,
        Secret apiKey,
        Optional<Path> apiKeyFile,
        Duration startTimeout,
        Optional<Path> program,
        int uiPort) {
    static void define(Definition definition) {
        definition
                .group("Temporal")
                .text(
                        "temporal.address",
                        "",
                        "Address of the Temporal frontend, host:port. Empty: a server of our own with its data under data.dir.")
                .text("temporal.namespace", "default", "Namespace; must exist.")
                .flag(
                        "temporal.tls.enabled",
                        false,
                        "Whether to speak TLS. Follows from any of the files below, and from an API key.")
                .text(
                        "temporal.tls.ca.file",
                        "",
                        "PEM file of the authorities to trust. Empty: those that the JVM trusts.")
                .text("temporal.tls.cert.file", "", "PEM file of the client's certificate, for mutual TLS.")
                .text("temporal.tls.key.file", "", "PEM file of its key, PKCS#8.")
                .text(
                        "temporal.tls.server.name",
                        "",
                        "Name to expect in the server's certificate. Empty: the host of the address.")
                .secret("temporal.api.key", "API key of the server.")
                .text("temporal.api.key.file", "", "File that holds the API key; read again when it changes.")
                .duration(
                        "temporal.start.timeout",
                        "PT20S",
                        "How long a start waits for Temporal to answer before it fails and says why.")
                .text(
                        "temporal.program",
                        "",
                        "The temporal command-line program, whose development server is used where no address is given."
                                + " Empty: the one on the PATH; without one, a server in memory that has no UI.")
                .integer(
                        "temporal.ui.port",
                        8233,
                        0,
                        65535,
                        "Port on loopback for the web pages of that server; a taken one is replaced by another.");
    }

    static TemporalSettings of(Values values) {
        Optional<Path> ca = values.path("temporal.tls.ca.file");
        Optional<Path> cert = values.path("temporal.tls.cert.file");
        Optional<Path> key = values.path("temporal.tls.key.file");
        Secret apiKey = values.secret("temporal.api.key");
        Optional<Path> apiKeyFile = values.path("temporal.api.key.file");
        return new TemporalSettings(
                values.optional("temporal.address"),
                values.text("temporal.namespace"),
                values.flag("temporal.tls.enabled")
                        || ca.isPresent()
                        || cert.isPresent()
                        || key.isPresent()
                        || apiKey.isPresent()
                        || apiKeyFile.isPresent(),
                ca,
                cert,
                key,
                values.optional("temporal.tls.server.name"),
                apiKey,
                apiKeyFile,
                values.duration("temporal.start.timeout"),
                values.path("temporal.program"),
                values.integer("temporal.ui.port"));
    }

    /** The same with an address: of a server that we started ourselves. */
    public TemporalSettings at(String started) {
        return new TemporalSettings(
                Optional.of(started),
                "default",
                false,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Secret.NONE,
                Optional.empty(),
                startTimeout,
                program,
                uiPort);
    }

    /** What no single value can be checked for. */
    static List<String> problems(Values values) {
        List<String> problems = new ArrayList<>();
        values.optional("temporal.address")
                .filter(address -> !address.matches("[^\\s/]+:\\d{1,5}"))
                .ifPresent(address -> problems.add("temporal.address: must be host:port"));
        if (values.optional("temporal.tls.cert.file").isPresent()
                != values.optional("temporal.tls.key.file").isPresent()) {
            problems.add("temporal.tls.cert.file and temporal.tls.key.file: give both or neither");
        }
        if (values.secret("temporal.api.key").isPresent()
                && values.optional("temporal.api.key.file").isPresent()) {
            problems.add("temporal.api.key and temporal.api.key.file: give one of them");
        }
        if (values.text("temporal.namespace").isEmpty()) {
            problems.add("temporal.namespace: must not be empty");
        }
        return problems;
    }
}
