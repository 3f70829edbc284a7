package io.palimpsest.retrain.workflow;

/**
 * What one roll-out is to do.
 *
 * @param model registered, and approved
 */
public record RolloutRequest(String runId, Scope scope, String model, RolloutPace pace) {}
