/** The encoder's files, read and changed. */
@NullMarked
package io.palimpsest.retrain.tune.encoder;

import org.jspecify.annotations.NullMarked;
