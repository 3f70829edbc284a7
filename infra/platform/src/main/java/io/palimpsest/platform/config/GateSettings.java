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
                        "P90D",
                        "How long the gate remembers a deleted document. Longer than the oldest change that may still arrive: one that waited in the inbox and then in the topic of changes, each for its retention.");
    }

    static GateSettings of(Values values) {
        return new GateSettings(values.duration("gate.tombstone.retention"));
    }
}
