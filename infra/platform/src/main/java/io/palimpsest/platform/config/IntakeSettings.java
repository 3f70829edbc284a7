package io.palimpsest.platform.config;

import java.util.Set;

/**
 * What the intake takes.
 *
 * @param collections {@code *} for any
 */
public record IntakeSettings(long maxInlineBytes, Set<String> collections, String tenant, String collection) {
    public IntakeSettings {
        collections = Set.copyOf(collections);
    }

    public boolean knows(String name) {
        return collections.contains("*") || collections.contains(name);
    }

    static void define(Definition definition) {
        definition
                .group("Intake")
                .number(
                        "intake.max.inline.bytes",
                        16_777_216,
                        1_024,
                        "Largest content inside an event; larger content is sent as a reference.")
                .list(
                        "intake.collections",
                        "default",
                        "Collections that exist in every tenant, comma-separated; * for any name.")
                .text(
                        "intake.tenant",
                        "local",
                        "Tenant of events that come without an API key: the Kafka inbox and watched folders.")
                .text("intake.collection", "default", "Collection of events that name none.");
    }

    static IntakeSettings of(Values values) {
        return new IntakeSettings(
                values.number("intake.max.inline.bytes"),
                values.set("intake.collections"),
                values.text("intake.tenant"),
                values.text("intake.collection"));
    }
}
