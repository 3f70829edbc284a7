/**
 * Makes candidate models from snapshots. Nothing here decides whether one is served.
 * Entry class: {@link io.palimpsest.retrain.tune.Trainer}.
 */
@NullMarked
package io.palimpsest.retrain.tune;

import org.jspecify.annotations.NullMarked;
