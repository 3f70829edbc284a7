/**
 * Rows of databases as documents: Debezium's change events come from Kafka topics, and a mapping file says what of a row is
 * what of a document. Entry class: {@link io.palimpsest.ingest.source.debezium.DebeziumSource}.
 */
@NullMarked
package io.palimpsest.ingest.source.debezium;

import org.jspecify.annotations.NullMarked;
