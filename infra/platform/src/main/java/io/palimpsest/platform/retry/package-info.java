/**
 * Trying again and waiting, with bounds: pauses between attempts, requests that are repeated, conditions that are
 * awaited. Entry classes: {@link io.palimpsest.platform.retry.BackOff}, {@link io.palimpsest.platform.retry.Condition}.
 */
@NullMarked
package io.palimpsest.platform.retry;

import org.jspecify.annotations.NullMarked;
