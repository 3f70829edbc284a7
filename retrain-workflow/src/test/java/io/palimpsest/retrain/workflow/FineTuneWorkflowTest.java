package io.palimpsest.retrain.workflow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.palimpsest.contracts.error.ErrorCode;
import io.palimpsest.contracts.error.PalimpsestException;
import io.palimpsest.retrain.workflow.TrainingActivities.Decision;
import io.palimpsest.retrain.workflow.TrainingActivities.SnapshotMade;
import io.palimpsest.retrain.workflow.TrainingActivities.Verdict;
import io.temporal.client.WorkflowClient;
import io.temporal.client.WorkflowFailedException;
import io.temporal.client.WorkflowStub;
import io.temporal.failure.CanceledFailure;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class FineTuneWorkflowTest {
    private final WorkflowWorld world = new WorkflowWorld();
    private final FakeActivities activities = world.activities;

    @AfterEach
    void close() {
        world.close();
    }

    @Test
    void betterAndApprovedModelIsRolledOutAndKept() {
        RunEnd end = world.run("r1");

        assertThat(end.outcome()).isEqualTo(Outcome.PROMOTED);
        assertThat(end.model()).isEqualTo(FakeActivities.MODEL);
        assertThat(activities.calls.stream().distinct())
                .containsExactly(
                        "snapshot",
                        "train 5eed",
                        "evaluate " + FakeActivities.MODEL,
                        "decision",
                        "register " + FakeActivities.MODEL,
                        "build " + FakeActivities.MODEL,
                        "shadow 0.1",
                        "shadow 0.0",
                        "swap",
                        "look",
                        "keep " + FakeActivities.GENERATION,
                        "end PROMOTED");
        assertThat(activities.calls.stream().filter("look"::equals)).hasSize(24);
    }

    @Test
    void modelThatIsNotBetterIsNeverShownToAnybody() {
        activities.verdict = new Verdict(false, "4e90", "gain 0.004 [-0.010, 0.018]");

        RunEnd end = world.run("r1");

        assertThat(end).isEqualTo(new RunEnd(Outcome.NOT_BETTER, FakeActivities.MODEL, "gain 0.004 [-0.010, 0.018]"));
        assertThat(activities.calls).doesNotContain("decision", "register " + FakeActivities.MODEL, "swap");
        assertThat(activities.ends).containsExactly(end);
    }

    @Test
    void nothingIsTrainedWithoutATrainingSet() {
        activities.snapshot = new SnapshotMade(null, "12 of 50 judgements");

        assertThat(world.run("r1")).isEqualTo(new RunEnd(Outcome.NOTHING_TO_LEARN, null, "12 of 50 judgements"));
        assertThat(activities.calls).containsExactly("snapshot", "end NOTHING_TO_LEARN");
    }

    @Test
    void candidateWaitsForPeopleAndIsTakenUpWhenTheyDecide() {
        activities.decision = Decision.PENDING;
        FineTuneWorkflow run = world.fineTune("r1");
        WorkflowClient.start(run::run, WorkflowWorld.request("r1"));
        world.server.sleep(Duration.ofHours(20));
        assertThat(run.stage()).isEqualTo(Stage.APPROVE);

        activities.decision = Decision.REJECTED;
        run.decided();

        assertThat(WorkflowStub.fromTyped(run).getResult(RunEnd.class).outcome())
                .isEqualTo(Outcome.REJECTED);
        assertThat(activities.calls).doesNotContain("swap");
    }

    @Test
    void decisionWhoseSignalWasLostIsFoundAnyway() {
        activities.decision = Decision.PENDING;
        FineTuneWorkflow run = world.fineTune("r1");
        WorkflowClient.start(run::run, WorkflowWorld.request("r1"));
        world.server.sleep(Duration.ofHours(1));

        activities.decision = Decision.APPROVED;

        assertThat(WorkflowStub.fromTyped(run).getResult(RunEnd.class).outcome())
                .isEqualTo(Outcome.PROMOTED);
    }

    @Test
    void candidateThatNobodyApprovesExpires() {
        activities.decision = Decision.PENDING;

        assertThat(world.run("r1").outcome()).isEqualTo(Outcome.EXPIRED);
        assertThat(activities.calls).doesNotContain("swap").last().isEqualTo("end EXPIRED");
    }

    @Test
    void generationThatFailsTheGatesOfTheSwapIsTakenAway() {
        activities.swap = new RolloutActivities.Swap("COUNTS_DIFFER");

        assertThat(world.run("r1"))
                .isEqualTo(new RunEnd(Outcome.REFUSED_AT_SWAP, FakeActivities.MODEL, "COUNTS_DIFFER"));
        assertThat(activities.calls)
                .contains("drop " + FakeActivities.GENERATION)
                .doesNotContain("look");
    }

    @Test
    void modelThatRegressesIsRolledBackByItself() {
        activities.regression = "success 0.61 -> 0.44";

        assertThat(world.run("r1").outcome()).isEqualTo(Outcome.ROLLED_BACK);
        assertThat(activities.calls)
                .contains("roll back: success 0.61 -> 0.44")
                .doesNotContain("keep " + FakeActivities.GENERATION);
    }

    @Test
    void failureEndsTheRunWithItsCodeAndItsWordsStayOutOfTheHistory() {
        activities.trainingFails =
                new PalimpsestException(ErrorCode.CONFIG_INVALID, "words of a secret document about herons");

        RunEnd end = world.run("r1");

        assertThat(end).isEqualTo(new RunEnd(Outcome.FAILED, null, "TRAIN: CONFIG_INVALID"));
        assertThat(activities.calls).containsExactly("snapshot", "train 5eed", "end FAILED");
        assertThat(world.history(WorkflowIds.fineTune("r1")))
                .contains("CONFIG_INVALID")
                .doesNotContain("herons");
    }

    @Test
    void faultThatPassesIsTriedAgain() {
        activities.trainingFails = new PalimpsestException(ErrorCode.DATABASE_FAILED, "gone for a moment");
        FineTuneWorkflow run = world.fineTune("r1");
        WorkflowClient.start(run::run, WorkflowWorld.request("r1"));
        world.server.sleep(Duration.ofMinutes(3));

        activities.trainingFails = null;

        assertThat(WorkflowStub.fromTyped(run).getResult(RunEnd.class).outcome())
                .isEqualTo(Outcome.PROMOTED);
    }

    @Test
    void cancelledTrainingEndsAndSaysSoOnce() throws InterruptedException {
        activities.trainsForEver = true;
        FineTuneWorkflow run = world.fineTune("r1");
        WorkflowClient.start(run::run, WorkflowWorld.request("r1"));
        activities.training.await();

        WorkflowStub.fromTyped(run).cancel();

        assertThatThrownBy(() -> WorkflowStub.fromTyped(run).getResult(RunEnd.class))
                .isInstanceOf(WorkflowFailedException.class)
                .hasCauseInstanceOf(CanceledFailure.class);
        assertThat(activities.calls).containsExactly("snapshot", "train 5eed", "train was cancelled", "end CANCELLED");
        assertThat(activities.ends).hasSize(1);
    }

    @Test
    void labelsAreCollectedFirstWhereTheyAreWanted() {
        activities.collected.add(new FeedbackActivities.Collected(10, 40));
        activities.collected.add(new FeedbackActivities.Collected(60, 0));
        FineTuneRequest plain = WorkflowWorld.request("r1");

        RunEnd end = world.fineTune("r1")
                .run(new FineTuneRequest(
                        "r1",
                        plain.scope(),
                        plain.cause(),
                        plain.trainer(),
                        plain.seed(),
                        50,
                        Duration.ofDays(7),
                        plain.approvalExpiry(),
                        plain.rollout()));

        assertThat(end.outcome()).isEqualTo(Outcome.PROMOTED);
        assertThat(activities.calls).startsWith("fill", "count", "count", "snapshot");
    }

    @Test
    void historiesCarryIdsOnly() {
        world.run("r1");

        for (String id : List.of(WorkflowIds.fineTune("r1"), WorkflowIds.rollout("r1"))) {
            assertThat(world.history(id)).hasSizeLessThan(200_000).doesNotContain("stackTrace\": \"io.");
        }
    }
}
