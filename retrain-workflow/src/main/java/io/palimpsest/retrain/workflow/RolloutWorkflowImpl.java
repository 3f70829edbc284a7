package io.palimpsest.retrain.workflow;

import io.temporal.failure.TemporalFailure;
import io.temporal.workflow.Workflow;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** See the interface. Whatever fails before the swap leaves the live generation alone, and takes the new one away. */
public final class RolloutWorkflowImpl implements RolloutWorkflow {
    private final RolloutActivities quick = Calls.quick(RolloutActivities.class);
    private final RolloutActivities slow = Calls.slow(RolloutActivities.class);
    private Stage stage = Stage.BUILD;
    private @Nullable String building;

    @Override
    public RunEnd run(RolloutRequest request) {
        try {
            return story(request);
        } catch (TemporalFailure e) {
            String left = building;
            if (left != null && stage != Stage.WATCH) {
                Workflow.newDetachedCancellationScope(() -> quick.drop(request, left))
                        .run();
            }
            throw e;
        }
    }

    private RunEnd story(RolloutRequest request) {
        enter(request, Stage.BUILD);
        String generation = slow.build(request);
        building = generation;
        if (request.pace().shadowShare() > 0 && request.pace().shadow().isPositive()) {
            enter(request, Stage.SHADOW);
            quick.shadow(request, generation, request.pace().shadowShare());
            Workflow.sleep(request.pace().shadow());
            quick.shadow(request, generation, 0);
        }
        enter(request, Stage.SWAP);
        String refusal = quick.swap(request, generation).refusal();
        if (refusal != null) {
            quick.drop(request, generation);
            return new RunEnd(Outcome.REFUSED_AT_SWAP, request.model(), refusal);
        }
        enter(request, Stage.WATCH);
        String regression = watch(request, generation);
        if (regression != null) {
            quick.rollBack(request, generation, regression);
            return new RunEnd(Outcome.ROLLED_BACK, request.model(), regression);
        }
        quick.keep(request, generation);
        return new RunEnd(Outcome.PROMOTED, request.model(), "generation " + generation);
    }

    private @Nullable String watch(RolloutRequest request, String generation) {
        long until = Workflow.currentTimeMillis() + request.pace().watch().toMillis();
        String regression = null;
        while (regression == null && Workflow.currentTimeMillis() < until) {
            long left = until - Workflow.currentTimeMillis();
            Workflow.sleep(
                    Duration.ofMillis(Math.min(left, request.pace().watchEvery().toMillis())));
            regression = slow.look(request, generation).regression();
        }
        return regression;
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
