/**
 * Timers that outlive processes: what is periodic and must happen once, whichever process is there. Knows nothing of what is done.
 * Entry class: {@link io.palimpsest.retrain.timer.Timers}.
 */
@NullMarked
package io.palimpsest.retrain.timer;

import org.jspecify.annotations.NullMarked;
