/**
 * What work took, by collection and kind of work: written by whoever does it, compared by whoever asks. Knows no prices of its own.
 * Entry classes: {@link io.palimpsest.platform.cost.CostBook}, {@link io.palimpsest.platform.cost.CostMeter}.
 */
@NullMarked
package io.palimpsest.platform.cost;

import org.jspecify.annotations.NullMarked;
