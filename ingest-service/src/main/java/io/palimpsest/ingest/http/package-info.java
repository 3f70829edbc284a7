/**
 * The HTTP side of the ingest service: changes in, and where they stand out. Decides nothing that other transports
 * would not decide. Entry class: {@link io.palimpsest.ingest.http.IngestRoutes}.
 */
@NullMarked
package io.palimpsest.ingest.http;

import org.jspecify.annotations.NullMarked;
