package io.palimpsest.retrain.workflow;

import java.time.Duration;

/**
 * What one fine-tuning run is to do.
 *
 * @param runId the same cause gives the same id, so that one cause starts one run (law 9)
 * @param cause id of the alarm, or {@code manual:} and the name of the key
 * @param trainer name of a configured trainer
 * @param approvalExpiry how long a candidate waits for people
 * @param rollout how its roll-out goes about
 */
public record FineTuneRequest(
        String runId,
        Scope scope,
        String cause,
        String trainer,
        long seed,
        Duration approvalExpiry,
        RolloutPace rollout) {}
