/**
 * The encoder that is trained: its ONNX files read and changed byte by byte, and run. Knows nothing of training.
 * Entry classes: {@link io.palimpsest.retrain.tune.encoder.EncoderFiles}, {@link io.palimpsest.retrain.tune.encoder.OnnxFile}.
 */
@NullMarked
package io.palimpsest.retrain.tune.encoder;

import org.jspecify.annotations.NullMarked;
