/** Tests of database rows as documents. */
@NullMarked
package io.palimpsest.ingest.source.debezium;

import org.jspecify.annotations.NullMarked;
