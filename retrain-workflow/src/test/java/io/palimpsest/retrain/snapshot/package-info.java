/** Tests of the package of the same name. */
@NullMarked
package io.palimpsest.retrain.snapshot;

import org.jspecify.annotations.NullMarked;
