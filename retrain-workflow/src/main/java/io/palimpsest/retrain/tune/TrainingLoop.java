package io.palimpsest.retrain.tune;

import io.palimpsest.contracts.error.ErrorCode;
import io.palimpsest.contracts.error.PalimpsestException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * Steps, looks at the validation slice, checkpoints and reports, until the steps are done or the validation loss has had enough.
 * Leaves the best weights in place.
 */
public final class TrainingLoop {
    private final TrainingConfig config;
    private final TrainingLimits limits;
    private final TrainingProgress progress;
    private final Path checkpoint;

    /** One training, as the loop sees it. */
    public interface Steps {
        /** What is trained, in place. */
        List<float[]> weights();

        /** In all. */
        int count();

        /** The loss of this step's batch, and its gradients in the order of the weights. */
        Gradients run(int step);

        /** Of the weights as they are; NaN where there is no validation slice. */
        double validationLoss();
    }

    /** Of one batch. */
    public record Gradients(double loss, List<float[]> ofWeights) {}

    /** @param checkpoint file that a later try goes on from */
    public TrainingLoop(TrainingConfig config, TrainingLimits limits, TrainingProgress progress, Path checkpoint) {
        this.config = config;
        this.limits = limits;
        this.progress = progress;
        this.checkpoint = checkpoint;
    }

    /** @throws PalimpsestException {@code TRAINING_DIVERGED} */
    public void run(Steps steps) throws IOException {
        AdamW optimiser = new AdamW(steps.weights(), config.learningRate(), steps.count());
        EarlyStop stop = new EarlyStop(steps.weights(), config.patience());
        Checkpoint saved = new Checkpoint(checkpoint, optimiser, stop);
        int first = saved.load();
        if (first == 0) {
            look(steps, stop);
        }
        long start = System.nanoTime();
        for (int step = first; step < steps.count() && !stop.enough(); step++) {
            Gradients gradients = steps.run(step);
            requireNumber(gradients.loss(), step);
            optimiser.step(step, gradients.ofWeights());
            int done = step + 1;
            if (done % config.evaluateEvery() == 0 || done == steps.count()) {
                look(steps, stop);
            }
            if (done % limits.checkpointEvery() == 0) {
                saved.save(done);
            }
            double perStep = (System.nanoTime() - start) / 1e9 / (done - first);
            progress.report(new TrainingReport(
                    "train",
                    done,
                    steps.count(),
                    gradients.loss(),
                    Double.isFinite(stop.bestLoss()) ? stop.bestLoss() : null,
                    perStep * (steps.count() - done)));
        }
        stop.restore();
    }

    private static void look(Steps steps, EarlyStop stop) {
        double loss = steps.validationLoss();
        if (!Double.isNaN(loss)) {
            stop.look(loss);
        }
    }

    private static void requireNumber(double loss, int step) {
        if (!Double.isFinite(loss)) {
            throw new PalimpsestException(
                    ErrorCode.TRAINING_DIVERGED, "the training's loss is no number at step " + step);
        }
    }
}
