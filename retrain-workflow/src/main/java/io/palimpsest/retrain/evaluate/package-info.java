/**
 * Measures candidate and serving model on the same queries, and refuses what is not better.
 * Entry class: {@link io.palimpsest.retrain.evaluate.Gate}.
 */
@NullMarked
package io.palimpsest.retrain.evaluate;

import org.jspecify.annotations.NullMarked;
