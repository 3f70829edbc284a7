package io.palimpsest.platform.config;

import java.time.Duration;

/**
 * The gate.
 */
public record GateSettings(Duration tombstoneRetention) {
    static void define(Definition definition) {
        definition
                .group("Gate")
                .duration(
                        "gate.tombstone.retention",
                        "P30D",
                        "How long the gate remembers a deleted document. Longer than the oldest change that may still arrive.");
    }

    static GateSettings of(Values values) {
        return new GateSettings(values.duration("gate.tombstone.retention"));
    }
}
