/**
 * Hop 8: queries and feedback as they come become windows, and windows measurements. Decides nothing. Entry class:
 * {@link io.palimpsest.retrain.drift.stream.DriftTopology}.
 */
@NullMarked
package io.palimpsest.retrain.drift.stream;

import org.jspecify.annotations.NullMarked;
