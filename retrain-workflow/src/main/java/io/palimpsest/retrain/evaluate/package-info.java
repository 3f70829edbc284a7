/**
 * Measures candidate and serving model on the same queries, and refuses what is not better.
 * Entry class: {@code Gate}.
 */
@NullMarked
package io.palimpsest.retrain.evaluate;

import org.jspecify.annotations.NullMarked;
