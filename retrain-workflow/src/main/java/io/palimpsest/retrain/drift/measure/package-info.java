/**
 * What is measured of a window of queries or feedback, and how far from the reference is too far. Pure: no clock, no I/O, seeded
 * randomness. Entry classes: {@link io.palimpsest.retrain.drift.measure.Calibration} and
 * {@link io.palimpsest.retrain.drift.measure.Reference}.
 */
@NullMarked
package io.palimpsest.retrain.drift.measure;

import org.jspecify.annotations.NullMarked;
