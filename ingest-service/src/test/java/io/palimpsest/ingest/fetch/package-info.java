/** Tests of fetching: real files, a real HTTP server on this machine. */
@NullMarked
package io.palimpsest.ingest.fetch;

import org.jspecify.annotations.NullMarked;
