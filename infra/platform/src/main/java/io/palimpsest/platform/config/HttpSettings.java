package io.palimpsest.platform.config;

import java.nio.file.Path;
import java.util.Optional;

/**
 * The HTTP server.
 */
public record HttpSettings(
        String host,
        int port,
        Optional<Path> keyFile,
        Optional<Path> tlsKeystore,
        Secret tlsPassword,
        long maxBodyBytes) {
    /** On a free port of this machine, for tests. */
    public static HttpSettings anyPort() {
        return new HttpSettings("127.0.0.1", 0, Optional.empty(), Optional.empty(), Secret.NONE, 1 << 20);
    }

    static void define(Definition definition) {
        definition
                .group("HTTP")
                .text(
                        "http.host",
                        "127.0.0.1",
                        "Address to bind to. Anything but loopback needs http.key.file and http.tls.keystore.")
                .integer("http.port", 8080, 0, 65_535, "Port. 0: any free one.")
                .text(
                        "http.key.file",
                        "",
                        "JSON file of the API keys; read again when it changes. Empty: only the local key.")
                .text("http.tls.keystore", "", "PKCS#12 file with the server's certificate and key. Empty: no TLS.")
                .secret("http.tls.password", "Password of the keystore.")
                .number(
                        "http.max.body.bytes",
                        67_108_864,
                        1_024,
                        "Largest request body, except for bulk streams, whose lines are limited one by one.");
    }

    static HttpSettings of(Values values) {
        return new HttpSettings(
                values.text("http.host"),
                values.integer("http.port"),
                values.path("http.key.file"),
                values.path("http.tls.keystore"),
                values.secret("http.tls.password"),
                values.number("http.max.body.bytes"));
    }
}
