/**
 * Which witnesses must have cosigned a checkpoint for it to count, checked offline. Pure: no I/O, no addresses. Entry class:
 * {@link io.palimpsest.verifier.witness.WitnessPolicy}.
 */
@NullMarked
package io.palimpsest.verifier.witness;

import org.jspecify.annotations.NullMarked;
