package io.palimpsest.retrain.workflow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.palimpsest.contracts.error.ErrorCode;
import io.palimpsest.contracts.error.PalimpsestException;
import io.palimpsest.platform.retry.Condition;
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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

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
                        "shadow",
                        "end shadow",
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
    void runThatAStepFindsCancelledEndsAsOne() {
        activities.snapshotFails = new PalimpsestException(ErrorCode.RUN_CANCELLED, "before its server heard of it");

        assertThat(world.run("r1")).isEqualTo(new RunEnd(Outcome.CANCELLED, null, "SNAPSHOT: RUN_CANCELLED"));
        assertThat(activities.calls).containsExactly("snapshot", "end CANCELLED");
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
        activities.swap = new RolloutActivities.Swap("COUNTS_DIFFER", 0, null);

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

    @ParameterizedTest
    @ValueSource(strings = {"snapshot", "train", "evaluate", "build"})
    void runThatIsCancelledInALongStepBeforeTheSwapEndsAndSaysSoOnce(String step) throws InterruptedException {
        FineTuneWorkflow run = cancelledIn(step);

        assertCancelled(run);
        assertThat(activities.calls)
                .endsWith(step + " was cancelled", "end CANCELLED")
                .doesNotContain("swap", "roll back: cancelled");
    }

    @Test
    void runThatIsCancelledWhileItIsWatchedIsRolledBack() throws InterruptedException {
        FineTuneWorkflow run = cancelledIn("look");

        assertCancelled(run);
        assertThat(activities.calls)
                .endsWith(
                        "look was cancelled",
                        "roll back: cancelled",
                        "drop " + FakeActivities.GENERATION,
                        "end CANCELLED");
    }

    /** Whether it is live is known only then. */
    @Test
    void swapThatIsUnderWayWhenTheRunIsCancelledIsWaitedForAndTakenBack() throws InterruptedException {
        FineTuneWorkflow run = world.fineTune("r1");
        activities.hangs = "swap";
        WorkflowClient.start(run::run, inRealTime());
        activities.hanging.await();
        WorkflowStub.fromTyped(run).cancel();
        assertThat(Condition.await(
                        () -> world.history(WorkflowIds.rollout("r1")).contains("CANCEL_REQUESTED"),
                        Duration.ofSeconds(30),
                        Duration.ofMillis(20)))
                .as("the rollout knows before the swap is through")
                .isTrue();

        activities.hangs = null;

        assertCancelled(run);
        assertThat(activities.calls)
                .endsWith("swap", "roll back: cancelled", "drop " + FakeActivities.GENERATION, "end CANCELLED");
    }

    @ParameterizedTest
    @EnumSource(
            value = Stage.class,
            names = {"LABEL", "APPROVE", "SHADOW"})
    void runThatIsCancelledWhileItWaitsEndsAndSaysSoOnce(Stage stage) throws InterruptedException {
        activities.decision = stage == Stage.APPROVE ? Decision.PENDING : Decision.APPROVED;
        FineTuneWorkflow run = world.fineTune("r1");
        WorkflowClient.start(run::run, stage == Stage.LABEL ? labelled(50) : WorkflowWorld.request("r1"));
        world.server.sleep(Duration.ofMinutes(15));
        Stage now = stage == Stage.SHADOW
                ? world.client
                        .newWorkflowStub(RolloutWorkflow.class, WorkflowIds.rollout("r1"))
                        .stage()
                : run.stage();
        assertThat(now).isEqualTo(stage);

        WorkflowStub.fromTyped(run).cancel();

        // Not before: who waits for the result lets time jump to the end of the timer that is being cancelled, see
        // LostTasks.
        assertThat(Condition.await(() -> !activities.ends.isEmpty(), Duration.ofSeconds(30), Duration.ofMillis(20)))
                .isTrue();
        assertCancelled(run);
        assertThat(activities.calls).doesNotContain("swap").last().isEqualTo("end CANCELLED");
    }

    private FineTuneWorkflow cancelledIn(String step) throws InterruptedException {
        activities.hangs = step;
        FineTuneWorkflow run = world.fineTune("r1");
        WorkflowClient.start(run::run, inRealTime());
        activities.hanging.await();
        WorkflowStub.fromTyped(run).cancel();
        return run;
    }

    /** Time is not skipped while a step is under way. */
    private static FineTuneRequest inRealTime() {
        return asked(0, new RolloutPace(Duration.ZERO, 0, Duration.ofSeconds(1), Duration.ofMillis(10)));
    }

    private void assertCancelled(FineTuneWorkflow run) {
        assertThatThrownBy(() -> WorkflowStub.fromTyped(run).getResult(RunEnd.class))
                .isInstanceOf(WorkflowFailedException.class)
                .hasCauseInstanceOf(CanceledFailure.class);
        assertThat(activities.ends)
                .hasSize(1)
                .first()
                .extracting(RunEnd::outcome)
                .isEqualTo(Outcome.CANCELLED);
    }

    /** Law 10: what cannot be watched does not stay. */
    @Test
    void modelThatCannotBeWatchedIsRolledBack() {
        activities.lookFails = new PalimpsestException(ErrorCode.EVALUATION_IMPOSSIBLE, "no judged queries are left");

        assertThat(world.run("r1"))
                .isEqualTo(new RunEnd(Outcome.FAILED, FakeActivities.MODEL, "ROLL_OUT: EVALUATION_IMPOSSIBLE"));
        assertThat(activities.calls)
                .endsWith(
                        "look",
                        "roll back: WATCH: EVALUATION_IMPOSSIBLE",
                        "drop " + FakeActivities.GENERATION,
                        "end FAILED");
    }

    @Test
    void labelsThatWereCollectedAreNotCollectedAgain() {
        activities.labelled = true;

        assertThat(world.fineTune("r1").run(labelled(50)).outcome()).isEqualTo(Outcome.PROMOTED);
        assertThat(activities.calls).first().isEqualTo("snapshot");
    }

    @Test
    void labelsAreCollectedFirstWhereTheyAreWanted() {
        activities.collected.add(new FeedbackActivities.Collected(10, 40));
        activities.collected.add(new FeedbackActivities.Collected(60, 0));

        RunEnd end = world.fineTune("r1").run(labelled(50));

        assertThat(end.outcome()).isEqualTo(Outcome.PROMOTED);
        assertThat(activities.calls).startsWith("fill", "count", "count", "snapshot");
    }

    private static FineTuneRequest labelled(int labels) {
        return asked(labels, WorkflowWorld.PACE);
    }

    private static FineTuneRequest asked(int labels, RolloutPace pace) {
        FineTuneRequest plain = WorkflowWorld.request("r1");
        return new FineTuneRequest(
                "r1",
                plain.scope(),
                plain.cause(),
                plain.trainer(),
                plain.seed(),
                labels,
                Duration.ofDays(7),
                plain.approvalExpiry(),
                plain.silence(),
                pace);
    }

    @Test
    void historiesCarryIdsOnly() {
        world.run("r1");

        for (String id : List.of(WorkflowIds.fineTune("r1"), WorkflowIds.rollout("r1"))) {
            assertThat(world.history(id)).hasSizeLessThan(200_000).doesNotContain("stackTrace\": \"io.");
        }
    }
}
