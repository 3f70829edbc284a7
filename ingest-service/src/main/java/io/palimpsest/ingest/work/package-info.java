/**
 * Extraction work: share-group workers that fetch, extract, cut and store, and never hold text beyond one document.
 * Entry class: {@link io.palimpsest.ingest.work.ExtractionWorkers}.
 */
@NullMarked
package io.palimpsest.ingest.work;

import org.jspecify.annotations.NullMarked;
