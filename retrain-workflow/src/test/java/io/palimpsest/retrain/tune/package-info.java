/** The laws of trainers, and small snapshots to train on. */
@NullMarked
package io.palimpsest.retrain.tune;

import org.jspecify.annotations.NullMarked;
