/** Tests of the package of the same name. */
@NullMarked
package io.palimpsest.retrain.judgement;

import org.jspecify.annotations.NullMarked;
