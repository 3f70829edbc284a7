package io.palimpsest.retrain.tune.jvm;

import io.palimpsest.retrain.tune.TrainingConfig;
import io.palimpsest.retrain.tune.TrainingLimits;
import io.palimpsest.retrain.tune.encoder.EncoderFiles;
import java.nio.file.Path;

/**
 * What a trainer's process is to do.
 *
 * @param work keeps checkpoints
 * @param model empty folder for the model's files
 * @param natives where native libraries are unpacked
 */
public record TrainingTask(
        Path snapshot,
        Path work,
        Path model,
        TrainingConfig config,
        TrainingLimits limits,
        EncoderFiles base,
        Path natives) {}
