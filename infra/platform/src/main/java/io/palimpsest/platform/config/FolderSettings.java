package io.palimpsest.platform.config;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * Watched folders.
 */
public record FolderSettings(List<Path> roots, Duration rescan, double maxDeleteRatio) {
    static void define(Definition definition) {
        definition
                .group("Folders")
                .list("folder.watch", "", "Folders to watch, comma-separated.")
                .number(
                        "folder.rescan.ms",
                        60_000,
                        100,
                        "How often a folder is listed and compared, beside the file system's notices.")
                .ratio(
                        "folder.max.delete.ratio",
                        0.5,
                        0,
                        1,
                        "A comparison that would delete more than this share of a folder's documents at once stops and waits.");
    }

    static FolderSettings of(Values values) {
        return new FolderSettings(
                values.paths("folder.watch"),
                values.millis("folder.rescan.ms"),
                values.ratio("folder.max.delete.ratio"));
    }
}
