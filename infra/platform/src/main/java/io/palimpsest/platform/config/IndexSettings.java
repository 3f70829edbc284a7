package io.palimpsest.platform.config;

import java.nio.file.Path;
import java.time.Duration;

/**
 * The index.
 *
 * @param directory of the embedded engine
 */
public record IndexSettings(Engine engine, Path directory, Duration historyRetention, WeaviateSettings weaviate) {
    /** What keeps the passages. */
    public enum Engine {
        /** In the process, in a folder. */
        LUCENE,
        /** A server of its own. */
        WEAVIATE
    }

    static void define(Definition definition) {
        definition
                .group("Index")
                .choice(
                        "index.engine",
                        "lucene",
                        "What keeps the passages: lucene (in the process) or weaviate (a server of its own).",
                        "lucene",
                        "weaviate")
                .text("index.dir", "", "Folder of the index. Empty: index in the data directory.")
                .duration(
                        "index.history.retention",
                        "P30D",
                        "How long superseded and deleted passages answer searches as of a past moment.");
        WeaviateSettings.define(definition);
    }

    static IndexSettings of(Values values, Path dataDir) {
        return new IndexSettings(
                Engine.valueOf(values.text("index.engine").toUpperCase(java.util.Locale.ROOT)),
                values.path("index.dir").orElse(dataDir.resolve("index")),
                values.duration("index.history.retention"),
                WeaviateSettings.of(values));
    }
}
