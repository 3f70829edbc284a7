/** Tests of extraction: real files, real forks. */
@NullMarked
package io.palimpsest.ingest.extract;

import org.jspecify.annotations.NullMarked;
