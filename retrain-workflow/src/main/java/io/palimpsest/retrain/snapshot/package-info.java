/**
 * Immutable, content-addressed training sets made from judgements, split without leakage.
 * Entry class: {@link io.palimpsest.retrain.snapshot.Snapshots}.
 */
@NullMarked
package io.palimpsest.retrain.snapshot;

import org.jspecify.annotations.NullMarked;
