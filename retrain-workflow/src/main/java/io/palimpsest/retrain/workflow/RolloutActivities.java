package io.palimpsest.retrain.workflow;

import io.temporal.activity.ActivityInterface;
import org.jspecify.annotations.Nullable;

/** What a roll-out does. Each may be called again after it was done, and then answers the same. */
@ActivityInterface(namePrefix = "Rollout.")
public interface RolloutActivities {
    /** Minutes to hours: returns when the generation has caught up with the live one; heartbeats progress and ETA. */
    String build(RolloutRequest request);

    /** @param share of live queries that are asked of it too; 0 ends it */
    void shadow(RolloutRequest request, String generation, double share);

    /** One transaction behind gates. */
    Swap swap(RolloutRequest request, String generation);

    /** Whether what people see is worse than before the swap, beyond chance. */
    Look look(RolloutRequest request, String generation);

    void rollBack(RolloutRequest request, String generation, String reason);

    /** Takes away a generation that will not be live. */
    void drop(RolloutRequest request, String generation);

    /** The serving model is this one from now on; the generation before it is taken away. */
    void keep(RolloutRequest request, String generation);

    /** @param refusal names of the gates that it failed; null where it is live */
    record Swap(@Nullable String refusal) {}

    /** @param regression what became worse, in codes and numbers; null where nothing did */
    record Look(@Nullable String regression) {}
}
