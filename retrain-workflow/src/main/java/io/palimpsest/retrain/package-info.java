/** The retrain service, wired. Entry class: {@link io.palimpsest.retrain.RetrainApp}. */
@NullMarked
package io.palimpsest.retrain;

import org.jspecify.annotations.NullMarked;
