/** Processes under watch. */
@NullMarked
package io.palimpsest.retrain.tune.process;

import org.jspecify.annotations.NullMarked;
