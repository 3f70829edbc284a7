@NullMarked
package io.palimpsest.retrain.canary;

import org.jspecify.annotations.NullMarked;
