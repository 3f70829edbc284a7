package io.palimpsest.retrain.workflow;

import io.palimpsest.contracts.error.ErrorCode;
import io.palimpsest.contracts.error.PalimpsestException;
import io.palimpsest.contracts.id.GenerationId;
import io.palimpsest.retrain.workflow.RolloutActivities.Swap;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Takes away the generation that was live before a promoted one, once nobody is expected to roll back any more: until then it gets
 * every change too.
 *
 * <p>Threading: safe. Ordering and idempotency: once for each run. Failure: {@code INDEX_UNAVAILABLE}, and then again.
 */
public final class Retirement {
    private final Runs runs;
    private final IndexApi index;
    private final Duration after;
    private final InstantSource clock;

    /** @param after the end of a run */
    public Retirement(Runs runs, IndexApi index, Duration after, InstantSource clock) {
        this.runs = runs;
        this.index = index;
        this.after = after;
        this.clock = clock;
    }

    /** @param generation that was taken away; null where there was none, or it is needed */
    private record Retired(@Nullable String generation) {}

    void look() {
        for (Run run : runs.promotedBefore(clock.instant().minus(after))) {
            Retired unused = runs.once(run.id(), Stage.RETIRE, Retired.class, () -> retired(run));
        }
    }

    private Retired retired(Run run) {
        Optional<GenerationId> before =
                runs.result(run.id(), Stage.SWAP, Swap.class).map(Swap::before).map(GenerationId::new);
        if (before.isEmpty()) {
            return new Retired(null);
        }
        try {
            index.drop(run.collection(), before.get());
            return new Retired(before.get().value());
        } catch (PalimpsestException e) {
            if (e.code() == ErrorCode.GENERATION_IN_USE) { // rolled back to, or an adapter reads its passages
                return new Retired(null);
            }
            throw e;
        }
    }
}
