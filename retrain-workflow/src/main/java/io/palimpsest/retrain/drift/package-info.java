/**
 * Whether queries and results of now are still those of the reference: signals, calibrated thresholds, policy, triage.
 * Entry class: {@code DriftTopology}.
 */
@NullMarked
package io.palimpsest.retrain.drift;

import org.jspecify.annotations.NullMarked;
