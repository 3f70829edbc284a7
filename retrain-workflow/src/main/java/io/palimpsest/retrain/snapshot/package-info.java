/**
 * Immutable, content-addressed training sets made from judgements, split without leakage.
 * Texts lie in the content store, sealed; in clear only in {@link io.palimpsest.retrain.snapshot.ClearFolders}, while a trainer reads.
 * Entry class: {@link io.palimpsest.retrain.snapshot.Snapshots}.
 */
@NullMarked
package io.palimpsest.retrain.snapshot;

import org.jspecify.annotations.NullMarked;
