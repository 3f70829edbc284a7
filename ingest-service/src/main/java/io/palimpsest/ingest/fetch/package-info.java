/**
 * Step 3's first half: the bytes behind a reference, from allowed folders and hosts only. Must not look into them.
 * Entry class: {@link io.palimpsest.ingest.fetch.Fetcher}.
 */
@NullMarked
package io.palimpsest.ingest.fetch;

import org.jspecify.annotations.NullMarked;
