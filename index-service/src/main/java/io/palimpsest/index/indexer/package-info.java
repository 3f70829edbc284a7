/**
 * Hop 5: revisions become what searches see. Batch, embed only unseen texts, write, check every result, commit offsets
 * last. Must not cut or extract anything. Entry class: {@link io.palimpsest.index.indexer.IndexerLoop}.
 */
@NullMarked
package io.palimpsest.index.indexer;

import org.jspecify.annotations.NullMarked;
