package io.palimpsest.retrain.tune;

import java.time.Duration;

/**
 * What a training takes.
 *
 * @param cpu of the trainer's processes on this machine
 * @param tokens that a service elsewhere trained on; 0 where it does not say
 */
public record TrainingUse(Duration cpu, long tokens) {}
