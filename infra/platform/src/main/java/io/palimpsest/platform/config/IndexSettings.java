package io.palimpsest.platform.config;

import java.nio.file.Path;
import java.time.Duration;

/**
 * The index.
 */
public record IndexSettings(Path directory, Duration historyRetention) {
    static void define(Definition definition) {
        definition
                .group("Index")
                .text("index.dir", "", "Folder of the index. Empty: index in the data directory.")
                .duration(
                        "index.history.retention",
                        "P30D",
                        "How long superseded and deleted passages answer searches as of a past moment.");
    }

    static IndexSettings of(Values values, Path dataDir) {
        return new IndexSettings(
                values.path("index.dir").orElse(dataDir.resolve("index")), values.duration("index.history.retention"));
    }
}
