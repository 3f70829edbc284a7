/**
 * Content that could not be extracted: the entries, what is known to be poison, and the way back. Entry class: {@link
 * io.palimpsest.ingest.quarantine.Quarantine}.
 */
@NullMarked
package io.palimpsest.ingest.quarantine;

import org.jspecify.annotations.NullMarked;
