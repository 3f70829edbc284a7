/** Which trainers a configuration offers. Entry class: {@link io.palimpsest.retrain.tune.offer.Trainers}. */
@NullMarked
package io.palimpsest.retrain.tune.offer;

import org.jspecify.annotations.NullMarked;
