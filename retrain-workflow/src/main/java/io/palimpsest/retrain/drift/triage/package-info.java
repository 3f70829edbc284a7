/**
 * What to do about an alarm: which remedy the evidence speaks for, which it forbids, and what each would cost. Pure. Entry class:
 * {@link io.palimpsest.retrain.drift.triage.Triage}.
 */
@NullMarked
package io.palimpsest.retrain.drift.triage;

import org.jspecify.annotations.NullMarked;
