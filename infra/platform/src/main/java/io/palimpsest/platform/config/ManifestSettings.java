package io.palimpsest.platform.config;

import java.nio.file.Path;
import java.time.Duration;

/**
 * Manifests of the index.
 *
 * @param every pause between two manifests of a live generation that changes; zero: none are made
 * @param keep how long the leaves of one are kept
 * @param mebibytes how much the leaves of all may take
 * @param percent of the time that the making of one may work, 1 to 100
 */
public record ManifestSettings(Path dir, Duration every, Duration keep, int mebibytes, int percent) {
    static void define(Definition definition) {
        definition
                .duration(
                        "ledger.manifest.every",
                        "PT1H",
                        "Pause between two manifests of a live generation, while it changes. Manifests are also made when a generation is"
                                + " built, goes live, is retired or dropped. PT0S: none at all.")
                .text(
                        "ledger.manifest.dir",
                        "",
                        "Folder for what proofs of passages need, 72 bytes for each passage and manifest. Empty: ledger/manifests in the"
                                + " data directory.")
                .duration(
                        "ledger.manifest.keep",
                        "P30D",
                        "How long that is kept; afterwards the root in the log is all there is. The newest of a generation is kept as"
                                + " long as there is that generation.")
                .integer(
                        "ledger.manifest.mebibytes",
                        4096,
                        1,
                        1 << 20,
                        "How much that may take in all; beyond it the oldest go first.")
                .integer(
                        "ledger.manifest.percent",
                        50,
                        1,
                        100,
                        "Share of the time that the making of a manifest may work; it yields to changes in any case.");
    }

    static ManifestSettings of(Values values, Path dataDir) {
        return new ManifestSettings(
                values.optional("ledger.manifest.dir")
                        .map(Path::of)
                        .orElse(dataDir.resolve("ledger").resolve("manifests")),
                values.duration("ledger.manifest.every"),
                values.duration("ledger.manifest.keep"),
                values.integer("ledger.manifest.mebibytes"),
                values.integer("ledger.manifest.percent"));
    }
}
