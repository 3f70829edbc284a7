/**
 * When measurements make an alarm, and when an alarm that keeps silent is one. Pure: the clock is given. Entry class:
 * {@link io.palimpsest.retrain.drift.policy.DriftPolicy}.
 */
@NullMarked
package io.palimpsest.retrain.drift.policy;

import org.jspecify.annotations.NullMarked;
