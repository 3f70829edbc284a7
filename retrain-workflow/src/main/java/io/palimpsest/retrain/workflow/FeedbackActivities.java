package io.palimpsest.retrain.workflow;

import io.temporal.activity.ActivityInterface;

/** What a labelling campaign does. */
@ActivityInterface(namePrefix = "Feedback.")
public interface FeedbackActivities {
    /** Puts the queries that tell most into the queue; those that are there stay. */
    void fillQueue(CollectFeedbackWorkflow.Campaign campaign);

    /** What a reviewer took and did not grade in time is open again, by itself. */
    Collected count(CollectFeedbackWorkflow.Campaign campaign);

    /**
     * Judgements so far.
     *
     * @param queries judged ones: graded by two who agree, adjudicated, or imported
     * @param open items that wait for a reviewer
     */
    record Collected(int queries, int open) {}
}
