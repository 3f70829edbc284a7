package io.palimpsest.retrain.workflow;

import io.palimpsest.retrain.workflow.TrainingActivities.Decision;
import io.palimpsest.retrain.workflow.TrainingActivities.SnapshotMade;
import io.palimpsest.retrain.workflow.TrainingActivities.Verdict;
import io.temporal.failure.TemporalFailure;
import io.temporal.workflow.ChildWorkflowOptions;
import io.temporal.workflow.Workflow;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** See the interface. Deterministic: time, waits and ids come from Temporal only. */
public final class FineTuneWorkflowImpl implements FineTuneWorkflow {
    /** A signal that is lost with its server costs no more than this. */
    private static final Duration LOOK_AGAIN = Duration.ofHours(1);

    /** A hundredth of the time there is: labels come from people, and counting them is cheap. */
    private static final int LOOKS = 100;

    private static final Duration MOST_OFTEN = Duration.ofSeconds(5);
    private static final Duration LEAST_OFTEN = Duration.ofMinutes(1);

    private Stage stage = Stage.LABEL;
    private boolean decided;
    private @Nullable String model;

    @Override
    public RunEnd run(FineTuneRequest request) {
        TrainingActivities quick = Calls.quick(TrainingActivities.class, request.silence());
        RunEnd end;
        try {
            end = story(request, quick);
        } catch (TemporalFailure e) {
            end = new RunEnd(Calls.isCancelled(e) ? Outcome.CANCELLED : Outcome.FAILED, model, Calls.reason(stage, e));
        }
        RunEnd told = end;
        Workflow.newDetachedCancellationScope(() -> quick.end(request, told)).run();
        return end;
    }

    private RunEnd story(FineTuneRequest request, TrainingActivities quick) {
        TrainingActivities slow = Calls.slow(TrainingActivities.class, request.silence());
        if (request.labels() > 0) {
            enter(request, Stage.LABEL);
            collectLabels(request, quick.labelling(request).endsAt());
        }
        enter(request, Stage.SNAPSHOT);
        SnapshotMade snapshot = slow.snapshot(request);
        if (snapshot.hash() == null) {
            return ended(Outcome.NOTHING_TO_LEARN, String.valueOf(snapshot.refusal()));
        }
        enter(request, Stage.TRAIN);
        String candidate = slow.train(request, snapshot.hash()).model();
        model = candidate;
        enter(request, Stage.EVALUATE);
        Verdict verdict = slow.evaluate(request, candidate);
        if (!verdict.passed()) {
            return ended(Outcome.NOT_BETTER, verdict.reasons());
        }
        enter(request, Stage.APPROVE);
        Decision decision = decision(request, candidate, quick);
        if (decision != Decision.APPROVED) {
            return ended(
                    decision == Decision.REJECTED ? Outcome.REJECTED : Outcome.EXPIRED, "report " + verdict.report());
        }
        enter(request, Stage.REGISTER);
        quick.register(request, candidate);
        enter(request, Stage.ROLL_OUT);
        return rollOut(request, candidate);
    }

    /** Whether they suffice is for the snapshot to say, which has its own rules. */
    private static void collectLabels(FineTuneRequest request, long endsAt) {
        if (endsAt == 0) {
            return;
        }
        CollectFeedbackWorkflow campaign = Workflow.newChildWorkflowStub(
                CollectFeedbackWorkflow.class,
                ChildWorkflowOptions.newBuilder()
                        .setWorkflowId(WorkflowIds.collectFeedback(request.runId()))
                        .build());
        campaign.collect(new CollectFeedbackWorkflow.Campaign(
                request.runId(),
                request.scope(),
                request.labels(),
                endsAt,
                Duration.ofMillis(Math.clamp(
                        request.labelling().toMillis() / LOOKS, MOST_OFTEN.toMillis(), LEAST_OFTEN.toMillis()))));
    }

    private Decision decision(FineTuneRequest request, String candidate, TrainingActivities quick) {
        long deadline = Workflow.currentTimeMillis() + request.approvalExpiry().toMillis();
        Decision decision = quick.decision(request, candidate);
        while (decision == Decision.PENDING && Workflow.currentTimeMillis() < deadline) {
            long left = deadline - Workflow.currentTimeMillis();
            Workflow.await(Duration.ofMillis(Math.min(left, LOOK_AGAIN.toMillis())), () -> decided);
            decided = false;
            decision = quick.decision(request, candidate);
        }
        return decision;
    }

    private static RunEnd rollOut(FineTuneRequest request, String candidate) {
        RolloutWorkflow rollout = Workflow.newChildWorkflowStub(
                RolloutWorkflow.class,
                ChildWorkflowOptions.newBuilder()
                        .setWorkflowId(WorkflowIds.rollout(request.runId()))
                        .build());
        return rollout.run(
                new RolloutRequest(request.runId(), request.scope(), candidate, request.silence(), request.rollout()));
    }

    private RunEnd ended(Outcome outcome, String reason) {
        return new RunEnd(outcome, model, reason);
    }

    private void enter(FineTuneRequest request, Stage next) {
        stage = next;
        Calls.tag(request.scope(), next, model);
    }

    @Override
    public void decided() {
        decided = true;
    }

    @Override
    public Stage stage() {
        return stage;
    }
}
