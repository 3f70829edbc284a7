/** Trainers' processes that misbehave on demand. */
@NullMarked
package io.palimpsest.retrain.tune.jvm;

import org.jspecify.annotations.NullMarked;
