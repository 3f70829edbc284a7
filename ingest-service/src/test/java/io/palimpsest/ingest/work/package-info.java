/** Tests of the extraction workers: what a killed, stuck or stopped worker leaves is taken on by another. */
@NullMarked
package io.palimpsest.ingest.work;

import org.jspecify.annotations.NullMarked;
