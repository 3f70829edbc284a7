package io.palimpsest.platform.config;

import java.nio.file.Path;
import java.time.Duration;

/**
 * The index.
 *
 * @param directory of the embedded engine
 */
public record IndexSettings(
        Engine engine, Path directory, Duration historyRetention, Wear wear, WeaviateSettings weaviate) {
    /**
     * When a rebuild is proposed.
     *
     * @param interval between two looks
     * @param churnPercent from how many passages removed on, in percent of those it holds
     * @param recallPercent below what recall of the vector leg
     */
    public record Wear(Duration interval, int churnPercent, int recallPercent) {}

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
        definition
                .duration(
                        "index.check.interval",
                        "PT1H",
                        "How often the wear of the index is measured, for index.engine = weaviate: what was removed from it,"
                                + " and whether a fixed sample of its passages is still found by vector.")
                .integer(
                        "index.rebuild.churn.percent",
                        100,
                        1,
                        100_000,
                        "A rebuild is proposed when as many passages were removed for good since the generation was made,"
                                + " in percent of those it holds.")
                .integer(
                        "index.rebuild.recall.percent",
                        95,
                        0,
                        100,
                        "A rebuild is proposed when the vector leg finds less than this of the sample's nearest passages.");
        WeaviateSettings.define(definition);
    }

    static IndexSettings of(Values values, Path dataDir) {
        return new IndexSettings(
                Engine.valueOf(values.text("index.engine").toUpperCase(java.util.Locale.ROOT)),
                values.path("index.dir").orElse(dataDir.resolve("index")),
                values.duration("index.history.retention"),
                new Wear(
                        values.duration("index.check.interval"),
                        values.integer("index.rebuild.churn.percent"),
                        values.integer("index.rebuild.recall.percent")),
                WeaviateSettings.of(values));
    }
}
