/**
 * Buckets on S3 servers: connections, what failures mean, and whether a bucket can be used. Knows nothing of what is kept
 * there. Entry class: {@link io.palimpsest.platform.s3.S3Bucket}.
 */
@NullMarked
package io.palimpsest.platform.s3;

import org.jspecify.annotations.NullMarked;
