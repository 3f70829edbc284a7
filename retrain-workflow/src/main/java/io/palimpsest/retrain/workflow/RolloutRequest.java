package io.palimpsest.retrain.workflow;

import java.time.Duration;

/**
 * What one roll-out is to do.
 *
 * @param model registered, and approved
 * @param silence of a step, after which the process that did it is taken for dead and another does it
 */
public record RolloutRequest(String runId, Scope scope, String model, Duration silence, RolloutPace pace) {}
