/** The query adapter: its gradient, its file, its laws as a trainer. */
@NullMarked
package io.palimpsest.retrain.tune.adapter;

import org.jspecify.annotations.NullMarked;
