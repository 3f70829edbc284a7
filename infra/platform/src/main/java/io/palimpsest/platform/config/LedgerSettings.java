package io.palimpsest.platform.config;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The transparency log.
 *
 * @param origin its name in checkpoints and keys
 * @param keyFile of the key that signs
 * @param otherKeyFiles of keys that sign beside it, while one key takes over from another
 * @param formerKeys verifier keys of keys that signed once
 * @param witnesses each as verifier key, a space, and address
 * @param quorum how many of them must have cosigned a checkpoint that is served; 0: it does not wait for them
 * @param check how long a start may compare entries with hashes; what it leaves out is compared after it
 * @param receipts whether each query that people are shown hits for is given a receipt
 * @param address where a process without the ledger reads the log; empty: it cannot
 * @param caFile certificates to trust there, PEM; empty: those that the JVM trusts
 */
public record LedgerSettings(
        Path dir,
        String origin,
        Path keyFile,
        List<Path> otherKeyFiles,
        List<String> formerKeys,
        List<String> witnesses,
        int quorum,
        Duration witnessEvery,
        Duration check,
        boolean receipts,
        Optional<URI> address,
        Optional<Path> caFile,
        ManifestSettings manifest,
        ExportSettings export,
        LogKeySettings key) {
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
                .list(
                        "ledger.witnesses",
                        "",
                        "Witnesses (C2SP tlog-witness) that are asked to cosign checkpoints, each as its verifier key, a space, and"
                                + " the address before /add-checkpoint.")
                .integer(
                        "ledger.witness.quorum",
                        0,
                        0,
                        100,
                        "How many of them must have cosigned a checkpoint before it is served at /log/checkpoint; 0: none.")
                .duration("ledger.witness.every", "PT10S", "Pause between two rounds of asking, while there is news.")
                .duration(
                        "ledger.check",
                        "PT1S",
                        "How long a start may compare entries with their hashes, newest first; the rest is compared after it.")
                .flag(
                        "ledger.receipts",
                        true,
                        "Whether each search and answer that somebody asked for gets a receipt: an entry of the log, and what it stands"
                                + " for in the query log. Costs about 600 bytes of the log a query.")
                .text(
                        "ledger.address",
                        "",
                        "Where a process that does not run the ledger reads the log, such as https://log.example.org/log/: for proofs"
                                + " of passages, and swaps that wait for witnesses.")
                .text(
                        "ledger.ca.file",
                        "",
                        "PEM file of the certificates to trust there. Empty: those that the JVM trusts.");
        LogKeySettings.define(definition);
        ManifestSettings.define(definition);
        ExportSettings.define(definition);
    }

    static LedgerSettings of(Values values, Path dataDir) {
        Path folder = dataDir.resolve("ledger");
        return new LedgerSettings(
                values.optional("ledger.dir").map(Path::of).orElse(folder.resolve("log")),
                values.text("ledger.origin"),
                values.optional("ledger.key.file").map(Path::of).orElse(folder.resolve("key")),
                values.list("ledger.key.others").stream().map(Path::of).toList(),
                values.list("ledger.key.former"),
                values.list("ledger.witnesses"),
                values.integer("ledger.witness.quorum"),
                values.duration("ledger.witness.every"),
                values.duration("ledger.check"),
                values.flag("ledger.receipts"),
                values.uri("ledger.address"),
                values.path("ledger.ca.file"),
                ManifestSettings.of(values, dataDir),
                ExportSettings.of(values),
                LogKeySettings.of(values));
    }

    /** Why the settings cannot be used. */
    static List<String> problems(Values values) {
        List<String> problems = new ArrayList<>();
        if (!ORIGIN.matcher(values.text("ledger.origin")).matches()) {
            problems.add(
                    "ledger.origin: must be letters, digits, dots, slashes, hyphens and underscores, without a scheme");
        }
        if (values.integer("ledger.witness.quorum")
                > values.list("ledger.witnesses").size()) {
            problems.add("ledger.witness.quorum: must not be more than there are ledger.witnesses");
        }
        if (values.flag("generation.swap.witnessed") && values.integer("ledger.witness.quorum") == 0) {
            problems.add("generation.swap.witnessed: needs a ledger.witness.quorum");
        }
        problems.addAll(ExportSettings.problems(values));
        problems.addAll(LogKeySettings.problems(values));
        return problems;
    }
}
