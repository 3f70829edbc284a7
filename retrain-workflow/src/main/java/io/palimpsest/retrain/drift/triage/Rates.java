package io.palimpsest.retrain.drift.triage;

import org.jspecify.annotations.Nullable;

/**
 * What things cost here.
 *
 * @param passagesPerDocument mean of the collection
 * @param cpuSecondsPerPassage to embed one
 * @param cpuSecondsPerStep of training
 * @param trainingSteps of a run
 * @param labelsWanted for a snapshot that a gate can decide on
 * @param minutesPerLabel of a reviewer, both reviewers counted
 * @param pricePerCpuHour null where no price is set
 * @param pricePerLabelHour null where no price is set
 */
public record Rates(
        double passagesPerDocument,
        double cpuSecondsPerPassage,
        double cpuSecondsPerStep,
        int trainingSteps,
        long labelsWanted,
        double minutesPerLabel,
        @Nullable Double pricePerCpuHour,
        @Nullable Double pricePerLabelHour) {

    /** Measured on two cores (see the benchmarks): MiniLM at fp32, LoRA of rank 8 at batches of 32. */
    public static Rates measured() {
        return new Rates(6, 0.014, 2.5, 128, 200, 1.5, null, null);
    }

    Cost of(double cpuSeconds, long passages, long labels) {
        double labelHours = labels * minutesPerLabel / 60;
        Double money = pricePerCpuHour == null || pricePerLabelHour == null
                ? null
                : Double.valueOf(cpuSeconds / 3600 * pricePerCpuHour + labelHours * pricePerLabelHour);
        return new Cost(cpuSeconds, passages, labels, labelHours, money);
    }

    Cost ofReindex(Facts.Corpus corpus) {
        long passages = Math.round((corpus.stale() + corpus.failed()) * passagesPerDocument);
        return of(passages * cpuSecondsPerPassage, passages, 0);
    }

    /** @param reembeds passages that the tuned model has to embed anew */
    Cost ofTraining(long reembeds, long judged) {
        double cpuSeconds = trainingSteps * cpuSecondsPerStep + reembeds * cpuSecondsPerPassage;
        return of(cpuSeconds, reembeds, Math.max(0, labelsWanted - judged));
    }
}
