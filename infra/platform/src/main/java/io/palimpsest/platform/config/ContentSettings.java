package io.palimpsest.platform.config;

import java.nio.file.Path;

/**
 * The content store.
 */
public record ContentSettings(Path directory, Path masterKeyFile, boolean sync) {
    static void define(Definition definition) {
        definition
                .group("Content store")
                .text("content.dir", "", "Folder of the stored content. Empty: content in the data directory.")
                .text(
                        "content.master.key.file",
                        "",
                        "Tink keyset (JSON) that wraps the documents' keys; made when absent. Empty: master.key in the data directory.")
                .flag(
                        "content.sync",
                        false,
                        "Force every file and its key to the disk before it counts as stored: survives loss of power, costs throughput.");
    }

    static ContentSettings of(Values values, Path dataDir) {
        return new ContentSettings(
                values.path("content.dir").orElse(dataDir.resolve("content")),
                values.path("content.master.key.file").orElse(dataDir.resolve("master.key")),
                values.flag("content.sync"));
    }
}
