package io.palimpsest.retrain.workflow;

import java.time.Duration;

/**
 * What one fine-tuning run is to do.
 *
 * @param runId the same cause gives the same id, so that one cause starts one run (law 9)
 * @param cause id of the alarm, or {@code manual:} and the name of the key
 * @param trainer {@code lora}, {@code adapter} or {@code command}
 * @param labels judged queries that are collected first; 0: it is tried with those that there are
 * @param labelling longest time for that
 * @param approvalExpiry how long a candidate waits for people
 * @param silence of a step, after which the process that did it is taken for dead and another does it
 * @param rollout how its roll-out goes about
 */
public record FineTuneRequest(
        String runId,
        Scope scope,
        String cause,
        String trainer,
        long seed,
        int labels,
        Duration labelling,
        Duration approvalExpiry,
        Duration silence,
        RolloutPace rollout)
        implements RunRequest {
    FineTuneRequest with(Scope other) {
        return new FineTuneRequest(
                runId, other, cause, trainer, seed, labels, labelling, approvalExpiry, silence, rollout);
    }
}
