/**
 * Tests of watched buckets.
 */
@NullMarked
package io.palimpsest.ingest.source.s3;

import org.jspecify.annotations.NullMarked;
