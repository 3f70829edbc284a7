package io.palimpsest.platform.config;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Where the key is that signs checkpoints, where it is not the file of {@code ledger.key.file}.
 *
 * @param file the PKCS#12 file, or the configuration of the PKCS#11 provider
 * @param password of the file, or the PIN of the device
 * @param command that signs, and its arguments; empty: none
 * @param verifierKey of what the command signs with
 */
public record LogKeySettings(
        Source source, Optional<Path> file, String alias, Secret password, List<String> command, String verifierKey) {
    private static final String STORE = "ledger.key.store.";

    /** Who has the key. */
    public enum Source {
        FILE,
        PKCS12,
        PKCS11,
        COMMAND
    }

    static void define(Definition definition) {
        definition
                .choice(
                        "ledger.key.source",
                        "file",
                        "Where the key is that signs checkpoints: file (ledger.key.file), pkcs12 (a JDK keystore), pkcs11 (a device,"
                                + " where the Java platform's provider offers Ed25519 for it), or command (a KMS by a command of"
                                + " yours).",
                        "file",
                        "pkcs12",
                        "pkcs11",
                        "command")
                .text(STORE + "file", "", "The PKCS#12 file, or the configuration file of the SunPKCS11 provider.")
                .text(STORE + "alias", "ledger", "Name of the entry in it: a key pair with a certificate.")
                .secret(STORE + "password", "Password of the file, or PIN of the device.")
                .list(
                        "ledger.key.command",
                        "",
                        "A command and its arguments that gets the bytes to sign on its input and prints the Ed25519 signature in Base64,"
                                + " within ten seconds.")
                .text("ledger.key.verifier", "", "Verifier key (name+id+Base64) of what that command signs with.");
    }

    static LogKeySettings of(Values values) {
        return new LogKeySettings(
                source(values),
                values.optional(STORE + "file").map(Path::of),
                values.text(STORE + "alias"),
                values.secret(STORE + "password"),
                values.list("ledger.key.command"),
                values.text("ledger.key.verifier"));
    }

    private static Source source(Values values) {
        return Source.valueOf(values.text("ledger.key.source").toUpperCase(Locale.ROOT));
    }

    static List<String> problems(Values values) {
        List<String> problems = new ArrayList<>();
        switch (source(values)) {
            case FILE -> {}
            case PKCS12, PKCS11 -> {
                if (values.optional(STORE + "file").isEmpty()) {
                    problems.add(STORE + "file: is missing, with this ledger.key.source");
                }
            }
            case COMMAND -> {
                if (values.list("ledger.key.command").isEmpty()
                        || values.optional("ledger.key.verifier").isEmpty()) {
                    problems.add("ledger.key.command: needs the command, and its ledger.key.verifier");
                }
            }
        }
        return problems;
    }
}
