package io.palimpsest.retrain.workflow;

import io.palimpsest.retrain.workflow.RolloutActivities.Look;
import io.palimpsest.retrain.workflow.RolloutActivities.Swap;
import io.temporal.failure.TemporalFailure;
import io.temporal.workflow.CancellationScope;
import io.temporal.workflow.Workflow;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * See the interface. Whatever fails or is cancelled before the end of the watch leaves what was live before live, or makes it so
 * again, and takes the new generation away.
 */
public final class RolloutWorkflowImpl implements RolloutWorkflow {
    private Stage stage = Stage.BUILD;
    private @Nullable String building;
    private boolean maybeLive;

    @Override
    public RunEnd run(RolloutRequest request) {
        RolloutActivities quick = Calls.quick(RolloutActivities.class, request.silence());
        try {
            return story(request, quick);
        } catch (TemporalFailure e) {
            String left = building;
            if (left != null) {
                String reason = Calls.isCancelled(e) ? "cancelled" : Calls.reason(stage, e);
                Workflow.newDetachedCancellationScope(() -> {
                            if (maybeLive) {
                                quick.rollBack(request, left, reason);
                            }
                            quick.drop(request, left);
                        })
                        .run();
            }
            throw e;
        }
    }

    private RunEnd story(RolloutRequest request, RolloutActivities quick) {
        RolloutActivities slow = Calls.slow(RolloutActivities.class, request.silence());
        enter(request, Stage.BUILD);
        String generation = slow.build(request);
        building = generation;
        if (request.pace().shadowShare() > 0 && request.pace().shadow().isPositive()) {
            enter(request, Stage.SHADOW);
            long left = quick.shadow(request, generation).leftMillis();
            Workflow.sleep(Duration.ofMillis(Math.max(1, left)));
            quick.endShadow(request, generation);
        }
        enter(request, Stage.SWAP);
        Swap swap = swap(request, slow, generation);
        if (swap.refusal() != null) {
            quick.drop(request, generation);
            return new RunEnd(Outcome.REFUSED_AT_SWAP, request.model(), swap.refusal());
        }
        enter(request, Stage.WATCH);
        Look look = watch(request, slow, generation, swap.at());
        if (look.regression() != null) {
            quick.rollBack(request, generation, look.regression());
            return new RunEnd(Outcome.ROLLED_BACK, request.model(), look.regression());
        }
        quick.keep(request, generation);
        return new RunEnd(Outcome.PROMOTED, request.model(), "generation " + generation);
    }

    /** Once it is asked for it is waited for, also by a run that is cancelled meanwhile: only then is known what is live. */
    private Swap swap(RolloutRequest request, RolloutActivities slow, String generation) {
        if (CancellationScope.current().isCancelRequested()) {
            CancellationScope.throwCanceled();
        }
        maybeLive = true;
        @Nullable Swap[] done = {null};
        Workflow.newDetachedCancellationScope(() -> done[0] = slow.swap(request, generation))
                .run();
        Swap swap = Objects.requireNonNull(done[0]);
        maybeLive = swap.refusal() == null;
        return swap;
    }

    private Look watch(RolloutRequest request, RolloutActivities slow, String generation, long since) {
        if (request.pace().watch().isZero()) {
            return Look.FINE;
        }
        long until = since + request.pace().watch().toMillis();
        Look look;
        do { // once at least: nobody watched while every process was away
            long left = until - Workflow.currentTimeMillis();
            Workflow.sleep(Duration.ofMillis(
                    Math.clamp(left, 1, request.pace().watchEvery().toMillis())));
            look = slow.look(request, generation);
        } while (look.regression() == null && Workflow.currentTimeMillis() < until);
        return look;
    }

    private void enter(RolloutRequest request, Stage next) {
        stage = next;
        Calls.tag(request.scope(), next, request.model());
    }

    @Override
    public Stage stage() {
        return stage;
    }
}
