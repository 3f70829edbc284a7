package io.palimpsest.retrain.workflow;

import io.temporal.activity.ActivityInterface;
import org.jspecify.annotations.Nullable;

/** What a fine-tuning run does. Each may be called again after it was done, and then answers the same. */
@ActivityInterface(namePrefix = "Training.")
public interface TrainingActivities {
    /** Of the run as it was begun first, on whichever server. */
    Labelling labelling(FineTuneRequest request);

    SnapshotMade snapshot(FineTuneRequest request);

    /** Minutes to hours; heartbeats step, loss and ETA, resumes at its last checkpoint, ends soon when it is cancelled. */
    Trained train(FineTuneRequest request, String snapshot);

    /** Minutes; the candidate beside the serving model on the same queries. */
    Verdict evaluate(FineTuneRequest request, String model);

    /** Asks people where they were not asked yet, and tells what they said. */
    Decision decision(FineTuneRequest request, String model);

    void register(FineTuneRequest request, String model);

    void end(FineTuneRequest request, RunEnd end);

    /**
     * Until when labels are collected.
     *
     * @param endsAt milliseconds since 1970; 0 where the training set is made already
     */
    record Labelling(long endsAt) {}

    /**
     * The training set.
     *
     * @param hash null where it was refused
     * @param refusal why there is none: codes and counts
     */
    record SnapshotMade(@Nullable String hash, @Nullable String refusal) {}

    /** The candidate. */
    record Trained(String model) {}

    /**
     * What the gate said.
     *
     * @param report hash of the report that has every number
     * @param reasons why not, in codes and numbers; empty where it passed
     */
    record Verdict(boolean passed, String report, String reasons) {}

    /** What people said so far. */
    enum Decision {
        PENDING,
        APPROVED,
        REJECTED,
        EXPIRED
    }
}
