/** Tests of the quarantine. */
@NullMarked
package io.palimpsest.ingest.quarantine;

import org.jspecify.annotations.NullMarked;
