/**
 * Change to revision: intake, gate, extraction, passages, timeline. Entry class: {@link io.palimpsest.ingest.IngestApp}.
 */
@NullMarked
package io.palimpsest.ingest;

import org.jspecify.annotations.NullMarked;
