package io.palimpsest.retrain.workflow;

import java.time.Duration;

/**
 * How long a roll-out looks before and after the swap.
 *
 * @param shadow how long live queries are also asked of the new generation before the swap
 * @param shadowShare of live queries, 0 to 1
 * @param watch how long the new one may be rolled back by itself after the swap
 * @param watchEvery time between looks
 */
public record RolloutPace(Duration shadow, double shadowShare, Duration watch, Duration watchEvery) {}
