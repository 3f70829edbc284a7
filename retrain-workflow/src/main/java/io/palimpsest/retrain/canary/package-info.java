/**
 * Known questions with known answers, asked again and again: whether the index still finds what it found. Judges and acts on nothing
 * itself. Entry class: {@link io.palimpsest.retrain.canary.Canaries}.
 */
@NullMarked
package io.palimpsest.retrain.canary;

import org.jspecify.annotations.NullMarked;
