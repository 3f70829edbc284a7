/** Tests of timers: one suite for both kinds. */
@NullMarked
package io.palimpsest.retrain.timer;

import org.jspecify.annotations.NullMarked;
