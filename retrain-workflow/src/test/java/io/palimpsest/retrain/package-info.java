/** Tests of the retrain service as a whole. */
@NullMarked
package io.palimpsest.retrain;

import org.jspecify.annotations.NullMarked;
