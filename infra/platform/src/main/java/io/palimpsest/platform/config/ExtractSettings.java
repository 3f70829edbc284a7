package io.palimpsest.platform.config;

import java.time.Duration;

/**
 * Extraction and its limits.
 */
public record ExtractSettings(
        Duration timeout,
        int heapMib,
        int maxOutputChars,
        int maxDepth,
        double maxExpansionRatio,
        int maxEmbedded,
        int workers,
        int maxDeliveries,
        long largeBytes) {
    static void define(Definition definition) {
        definition
                .group("Extract")
                .number("extract.timeout.ms", 120_000, 100, "Longest time for one document.")
                .integer("extract.heap.mib", 512, 64, 65_536, "Heap of each parser process.")
                .integer("extract.max.output.chars", 50_000_000, 1, 1_000_000_000, "Longest extracted text.")
                .integer("extract.max.depth", 20, 1, 1_000, "Deepest nesting of embedded documents.")
                .ratio("extract.max.expansion.ratio", 200, 1, 1_000_000, "Largest ratio of unpacked to packed bytes.")
                .integer("extract.max.embedded", 10_000, 0, 10_000_000, "Most embedded documents.")
                .integer(
                        "extract.workers",
                        2,
                        1,
                        256,
                        "Parser processes of the lane of small documents; the lane of large ones has one.")
                .integer("extract.max.deliveries", 4, 1, 10, "How often a document is tried before it is quarantined.")
                .number(
                        "extract.large.bytes",
                        8_388_608,
                        1,
                        "From this size on a document takes the lane of large ones.");
    }

    static ExtractSettings of(Values values) {
        return new ExtractSettings(
                values.millis("extract.timeout.ms"),
                values.integer("extract.heap.mib"),
                values.integer("extract.max.output.chars"),
                values.integer("extract.max.depth"),
                values.ratio("extract.max.expansion.ratio"),
                values.integer("extract.max.embedded"),
                values.integer("extract.workers"),
                values.integer("extract.max.deliveries"),
                values.number("extract.large.bytes"));
    }
}
