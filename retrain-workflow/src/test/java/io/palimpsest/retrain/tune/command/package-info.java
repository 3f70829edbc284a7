/** Programs as trainers: shell scripts here. */
@NullMarked
package io.palimpsest.retrain.tune.command;

import org.jspecify.annotations.NullMarked;
