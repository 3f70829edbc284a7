package io.palimpsest.retrain.workflow;

import io.palimpsest.retrain.workflow.FeedbackActivities.Collected;
import io.temporal.workflow.Workflow;
import java.time.Duration;

/** See the interface. */
public final class CollectFeedbackWorkflowImpl implements CollectFeedbackWorkflow {
    private static final int EVENTS_OF_ONE_HISTORY = 2_000;

    private final FeedbackActivities activities = Calls.quick(FeedbackActivities.class);

    @Override
    public Collected collect(Campaign campaign) {
        activities.fillQueue(campaign);
        Collected collected = activities.count(campaign);
        while (collected.queries() < campaign.wanted() && Workflow.currentTimeMillis() < campaign.endsAt()) {
            if (Workflow.getInfo().isContinueAsNewSuggested()
                    || Workflow.getInfo().getHistoryLength() >= EVENTS_OF_ONE_HISTORY) {
                Workflow.continueAsNew(campaign);
            }
            long left = campaign.endsAt() - Workflow.currentTimeMillis();
            Workflow.sleep(Duration.ofMillis(Math.min(left, campaign.lookEvery().toMillis())));
            collected = activities.count(campaign);
        }
        return collected;
    }
}
