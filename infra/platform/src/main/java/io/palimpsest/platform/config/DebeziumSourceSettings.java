package io.palimpsest.platform.config;

import java.nio.file.Path;
import java.util.Optional;

/**
 * Rows of databases as documents, through Debezium.
 *
 * @param mapping file that says which rows are documents; empty: none are
 */
public record DebeziumSourceSettings(Optional<Path> mapping) {
    static void define(Definition definition) {
        definition
                .group("Debezium")
                .text(
                        "debezium.source.mapping",
                        "",
                        "JSON file that says which Kafka topics of Debezium are taken and how a row becomes a document; see"
                                + " the guide. Empty: none.");
    }

    static DebeziumSourceSettings of(Values values) {
        return new DebeziumSourceSettings(values.path("debezium.source.mapping"));
    }
}
