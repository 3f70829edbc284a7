/**
 * What the ingest service erases of a document, and how it deletes it before. Entry class: {@link
 * io.palimpsest.ingest.erase.IngestStores}.
 */
@NullMarked
package io.palimpsest.ingest.erase;

import org.jspecify.annotations.NullMarked;
