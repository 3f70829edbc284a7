package io.palimpsest.platform.config;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;

/**
 * The transparency log.
 *
 * @param origin its name in checkpoints and keys
 * @param keyFile of the key that signs
 * @param otherKeyFiles of keys that sign beside it, while one key takes over from another
 * @param formerKeys verifier keys of keys that signed once
 * @param check how long a start may compare entries with hashes; what it leaves out is compared after it
 */
public record LedgerSettings(
        Path dir, String origin, Path keyFile, List<Path> otherKeyFiles, List<String> formerKeys, Duration check) {
    private static final Pattern ORIGIN = Pattern.compile("[A-Za-z0-9][A-Za-z0-9./_-]{0,199}");

    static void define(Definition definition) {
        definition
                .group("Ledger")
                .text(
                        "ledger.dir",
                        "",
                        "Folder of the log's files, for one process at a time. Empty: ledger/log in the data directory.")
                .text(
                        "ledger.origin",
                        "palimpsest.local/ledger",
                        "Name of the log in checkpoints and keys, such as log.example.org/ledger; the same for ever.")
                .text(
                        "ledger.key.file",
                        "",
                        "Key that signs checkpoints, made at the first start. Empty: ledger/key in the data directory."
                                + " Without it the log cannot go on: keep a copy.")
                .list(
                        "ledger.key.others",
                        "",
                        "Files of keys that sign beside it: to change keys, name the new one here for as long as auditors need,"
                                + " then make it ledger.key.file and name the old one here.")
                .list(
                        "ledger.key.former",
                        "",
                        "Verifier keys (name+id+Base64) of keys that signed once and are in no file any more.")
                .duration(
                        "ledger.check",
                        "PT1S",
                        "How long a start may compare entries with their hashes, newest first; the rest is compared after it.");
    }

    static LedgerSettings of(Values values, Path dataDir) {
        Path folder = dataDir.resolve("ledger");
        return new LedgerSettings(
                values.optional("ledger.dir").map(Path::of).orElse(folder.resolve("log")),
                values.text("ledger.origin"),
                values.optional("ledger.key.file").map(Path::of).orElse(folder.resolve("key")),
                values.list("ledger.key.others").stream().map(Path::of).toList(),
                values.list("ledger.key.former"),
                values.duration("ledger.check"));
    }

    /** Why the settings cannot be used. */
    static List<String> problems(Values values) {
        return ORIGIN.matcher(values.text("ledger.origin")).matches()
                ? List.of()
                : List.of(
                        "ledger.origin: must be letters, digits, dots, slashes, hyphens and underscores, without a scheme");
    }
}
