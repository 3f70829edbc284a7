/**
 * Watched buckets: what is in them is looked at, when a notification says so and at every listing, and what differs from the
 * last look is published. Entry class: {@link io.palimpsest.ingest.source.s3.S3Source}.
 */
@NullMarked
package io.palimpsest.ingest.source.s3;

import org.jspecify.annotations.NullMarked;
