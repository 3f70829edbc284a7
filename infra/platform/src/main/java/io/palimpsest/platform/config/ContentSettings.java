package io.palimpsest.platform.config;

import java.nio.file.Path;
import java.util.Optional;

/**
 * The content store.
 *
 * @param directory where it is in files
 * @param s3 where it is in a bucket; empty: in files
 */
public record ContentSettings(Path directory, Path masterKeyFile, boolean sync, Optional<S3ContentSettings> s3) {
    private static final String STORE = "content.store";
    private static final String S3 = "s3";

    static void define(Definition definition) {
        definition
                .group("Content store")
                .choice(STORE, "files", "Where content is kept: files, or s3 (any S3-compatible server).", "files", S3)
                .text("content.dir", "", "Folder of the stored content. Empty: content in the data directory.")
                .text(
                        "content.master.key.file",
                        "",
                        "Tink keyset (JSON) that wraps the documents' keys; made when absent. Empty: master.key in the data directory.")
                .flag(
                        "content.sync",
                        false,
                        "Force every file and its key to the disk before it counts as stored: survives loss of power, costs throughput.");
        S3ContentSettings.define(definition);
    }

    static ContentSettings of(Values values, Path dataDir) {
        return new ContentSettings(
                values.path("content.dir").orElse(dataDir.resolve("content")),
                values.path("content.master.key.file").orElse(dataDir.resolve("master.key")),
                values.flag("content.sync"),
                isInS3(values) ? Optional.of(S3ContentSettings.of(values)) : Optional.empty());
    }

    static boolean isInS3(Values values) {
        return values.text(STORE).equals(S3);
    }
}
