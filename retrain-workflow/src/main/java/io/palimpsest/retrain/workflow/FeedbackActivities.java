package io.palimpsest.retrain.workflow;

import io.temporal.activity.ActivityInterface;

/** What a labelling campaign does. */
@ActivityInterface(namePrefix = "Feedback.")
public interface FeedbackActivities {
    /** Puts the queries that tell most into the queue; those that are there stay. */
    void fillQueue(CollectFeedbackWorkflow.Campaign campaign);

    /** Gives to others what a reviewer took and did not grade in time, and counts. */
    Collected reassignAndCount(CollectFeedbackWorkflow.Campaign campaign);

    /**
     * Judgements so far.
     *
     * @param judgements finished: graded by two who agree, or adjudicated
     * @param open waiting for a reviewer
     */
    record Collected(int judgements, int open) {}
}
