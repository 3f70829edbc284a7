package io.palimpsest.retrain.workflow;

import io.temporal.workflow.WorkflowInterface;
import io.temporal.workflow.WorkflowMethod;
import java.time.Duration;

/** A campaign of labelling: fill the review queue until there is enough or time is up. */
@WorkflowInterface
public interface CollectFeedbackWorkflow {
    @WorkflowMethod
    FeedbackActivities.Collected collect(Campaign campaign);

    /**
     * What to collect.
     *
     * @param wanted judged queries
     * @param endsAt milliseconds since 1970
     * @param lookEvery how often what was judged is counted
     */
    record Campaign(String id, Scope scope, int wanted, long endsAt, Duration lookEvery) {}
}
