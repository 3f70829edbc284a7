package io.palimpsest.retrain.tune;

import io.palimpsest.contracts.model.ModelManifest;

/**
 * Makes a model of a snapshot.
 *
 * <p>Threading: safe for different jobs; one job has one caller at a time. Ordering and idempotency: the same snapshot,
 * configuration and seed give the same bytes (law 11); a job that has ended well answers with its model again, one that has
 * not goes on from its checkpoint. Failure: a {@code PalimpsestException} with a code of PAL-80x, and no model's folder, not
 * even half of one.
 */
public interface Trainer {
    /** With its version, as manifests name it: such as {@code lora/1}. */
    String name();

    /**
     * Returns when the model is whole and verified in the job's folder.
     *
     * @param progress called on this thread; what it throws ends the training as a cancellation does, and is passed on
     */
    ModelManifest train(TrainingJob job, TrainingProgress progress, Cancellation cancellation);
}
