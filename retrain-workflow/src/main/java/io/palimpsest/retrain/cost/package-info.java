/**
 * Compares what re-indexing took with what training took, in a collection, and lets estimates learn from it.
 * Entry class: {@link io.palimpsest.retrain.cost.CostReports}.
 */
@NullMarked
package io.palimpsest.retrain.cost;

import org.jspecify.annotations.NullMarked;
