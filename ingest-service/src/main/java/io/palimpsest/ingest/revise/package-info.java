/**
 * Hop 4: joins accepted states with extraction results into one current revision per document. Extracts and indexes
 * nothing. Entry class: {@link io.palimpsest.ingest.revise.RevisionTopology}.
 */
@NullMarked
package io.palimpsest.ingest.revise;

import org.jspecify.annotations.NullMarked;
