/**
 * A low-rank adapter on vectors of queries: trains in seconds and serves the old index at once. Measured, it helps questions that
 * are asked again and hurts those about documents it has not seen; the gate decides.
 * Entry class: {@link io.palimpsest.retrain.tune.adapter.AdapterTrainer}.
 */
@NullMarked
package io.palimpsest.retrain.tune.adapter;

import org.jspecify.annotations.NullMarked;
