/** Tests of comparisons of costs. */
@NullMarked
package io.palimpsest.retrain.cost;

import org.jspecify.annotations.NullMarked;
