/** What configurations offer. */
@NullMarked
package io.palimpsest.retrain.tune.offer;

import org.jspecify.annotations.NullMarked;
