/** Tests of the package of the same name. */
@NullMarked
package io.palimpsest.retrain.evaluate;

import org.jspecify.annotations.NullMarked;
