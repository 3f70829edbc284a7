package io.palimpsest.retrain.workflow;

import io.temporal.activity.ActivityInterface;
import org.jspecify.annotations.Nullable;

/** What a roll-out does. Each may be called again after it was done, and then answers the same. */
@ActivityInterface(namePrefix = "Rollout.")
public interface RolloutActivities {
    /** Minutes to hours: returns when the generation has caught up with the live one; heartbeats progress and ETA. */
    String build(RolloutRequest request);

    /** Live queries are asked of it too, from now or from when that was begun first. */
    Shadowing shadow(RolloutRequest request, String generation);

    void endShadow(RolloutRequest request, String generation);

    /** One transaction behind gates; they may look for minutes. */
    Swap swap(RolloutRequest request, String generation);

    /** Whether what people see is worse than before the swap, beyond chance. */
    Look look(RolloutRequest request, String generation);

    /** Nothing happens where it is not live. */
    void rollBack(RolloutRequest request, String generation, String reason);

    /** Takes away a generation that will not be live. */
    void drop(RolloutRequest request, String generation);

    /** The serving model is this one from now on. */
    void keep(RolloutRequest request, String generation);

    /**
     * A generation beside the live one.
     *
     * @param before what was live then; null where this one was
     */
    record Built(String generation, @Nullable String before) {}

    /** @param leftMillis of the time that was planned */
    record Shadowing(long leftMillis) {}

    /**
     * What became of the swap.
     *
     * @param refusal names of the gates that it failed; null where it is live
     * @param at milliseconds since 1970
     * @param before what was live until then; null where nothing that is known was
     */
    record Swap(@Nullable String refusal, long at, @Nullable String before) {}

    /**
     * How the new one serves.
     *
     * @param regression what became worse, in codes and numbers; null where nothing did
     * @param replaced whether somebody else made another one live meanwhile
     */
    record Look(@Nullable String regression, boolean replaced) {
        static final Look FINE = new Look(null, false);
    }
}
