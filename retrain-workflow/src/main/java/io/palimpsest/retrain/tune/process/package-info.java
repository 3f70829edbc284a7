/**
 * Runs a trainer's process and watches it: time, silence, memory, cancellation, what it says. Knows no model.
 * Entry class: {@link io.palimpsest.retrain.tune.process.WatchedProcess}.
 */
@NullMarked
package io.palimpsest.retrain.tune.process;

import org.jspecify.annotations.NullMarked;
