/**
 * Whether queries and results of now are still those of the reference: signals, calibrated thresholds, policy, triage. Starts no
 * training itself: it tells. Entry class: {@link io.palimpsest.retrain.drift.DriftApp}.
 */
@NullMarked
package io.palimpsest.retrain.drift;

import org.jspecify.annotations.NullMarked;
