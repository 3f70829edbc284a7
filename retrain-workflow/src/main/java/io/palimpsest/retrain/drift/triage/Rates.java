package io.palimpsest.retrain.drift.triage;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
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
 * @param pricePerLabel null where no price is set
 * @param origin where the rates are from, for the evidence
 */
public record Rates(
        double passagesPerDocument,
        double cpuSecondsPerPassage,
        double cpuSecondsPerStep,
        int trainingSteps,
        long labelsWanted,
        double minutesPerLabel,
        @Nullable Double pricePerCpuHour,
        @Nullable Double pricePerLabel,
        String origin) {

    /** Measured on two cores (see the benchmarks): MiniLM at fp32, LoRA of rank 8 at batches of 32. */
    public static Rates measured() {
        return new Rates(6, 0.014, 2.5, 128, 200, 1.5, null, null, "costs by built-in rates");
    }

    /** With what is paid here. */
    public Rates priced(@Nullable Double perCpuHour, @Nullable Double perLabel) {
        return new Rates(
                passagesPerDocument,
                cpuSecondsPerPassage,
                cpuSecondsPerStep,
                trainingSteps,
                labelsWanted,
                minutesPerLabel,
                perCpuHour,
                perLabel,
                origin);
    }

    /**
     * What was recorded, where there is enough of it.
     */
    public Rates learned(Recorded recorded) {
        boolean documents = recorded.documents() >= Recorded.ENOUGH_DOCUMENTS;
        boolean passages = recorded.embedded() >= Recorded.ENOUGH_PASSAGES;
        boolean runs = recorded.runs() >= Recorded.ENOUGH_RUNS && recorded.steps() > 0;
        List<String> grounds = new ArrayList<>();
        grounds.add(
                passages
                        ? "passages as recorded (" + recorded.embedded() + " embedded)"
                        : "passages by built-in rates");
        grounds.add(runs ? "training as recorded (" + recorded.runs() + " runs)" : "training by built-in rates");
        return new Rates(
                documents ? (double) recorded.passages() / recorded.documents() : passagesPerDocument,
                passages ? recorded.indexingCpuSeconds() / recorded.embedded() : cpuSecondsPerPassage,
                runs ? recorded.trainingCpuSeconds() / recorded.steps() : cpuSecondsPerStep,
                runs ? (int) Math.max(1, recorded.steps() / recorded.runs()) : trainingSteps,
                labelsWanted,
                minutesPerLabel,
                pricePerCpuHour,
                pricePerLabel,
                "costs: " + String.join(", ", grounds));
    }

    /**
     * What work has taken in a collection.
     *
     * @param passages of {@code documents}, embedded now or before
     * @param embedded passages that a model had to embed, by {@code indexingCpuSeconds}
     * @param runs that trained, {@code steps} in all
     */
    public record Recorded(
            long documents,
            long passages,
            long embedded,
            double indexingCpuSeconds,
            long runs,
            long steps,
            double trainingCpuSeconds) {
        /** Arbitrary, all three: from here on a mean of ours is nearer than one of another machine. */
        static final long ENOUGH_DOCUMENTS = 100;

        static final long ENOUGH_PASSAGES = 1_000;
        static final long ENOUGH_RUNS = 3;
    }

    Cost of(double cpuSeconds, long passages, long labels) {
        double labelHours = labels * minutesPerLabel / 60;
        Double money = pricePerCpuHour == null && pricePerLabel == null
                ? null
                : Double.valueOf(cpuSeconds / 3600 * Objects.requireNonNullElse(pricePerCpuHour, 0.0)
                        + labels * Objects.requireNonNullElse(pricePerLabel, 0.0));
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
