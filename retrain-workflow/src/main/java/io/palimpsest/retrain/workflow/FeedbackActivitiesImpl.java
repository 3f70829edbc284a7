package io.palimpsest.retrain.workflow;

import io.palimpsest.contracts.id.CollectionKey;
import io.palimpsest.retrain.judgement.GradedPassage;
import io.palimpsest.retrain.judgement.Judgements;
import io.palimpsest.retrain.judgement.ReviewState;

/** See the interface. */
public final class FeedbackActivitiesImpl implements FeedbackActivities {
    private final Judgements judgements;

    public FeedbackActivitiesImpl(Judgements judgements) {
        this.judgements = judgements;
    }

    @Override
    public void fillQueue(CollectFeedbackWorkflow.Campaign campaign) {
        judgements.refill(collection(campaign));
    }

    @Override
    public Collected count(CollectFeedbackWorkflow.Campaign campaign) {
        CollectionKey collection = collection(campaign);
        judgements.refill(collection); // what was graded made room
        int queries = (int) judgements.graded(collection).stream()
                .map(GradedPassage::queryId)
                .distinct()
                .count();
        long open = judgements.counts(collection).items().getOrDefault(ReviewState.OPEN, 0L);
        return new Collected(queries, (int) open);
    }

    private static CollectionKey collection(CollectFeedbackWorkflow.Campaign campaign) {
        return CollectionKey.of(campaign.scope().tenant(), campaign.scope().collection());
    }
}
