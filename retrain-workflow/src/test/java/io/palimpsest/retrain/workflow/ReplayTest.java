package io.palimpsest.retrain.workflow;

import static org.assertj.core.api.Assertions.assertThat;

import io.palimpsest.retrain.workflow.TrainingActivities.Verdict;
import io.temporal.testing.WorkflowReplayer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Runs that began under an older version go on under this one. A history that fails here must not be made again: put what
 * changed behind {@code Workflow.getVersion}. A new story is added by {@code -Dpalimpsest.regenerate=true}, which writes
 * only what is not there.
 */
final class ReplayTest {
    private static final Path HISTORIES = Path.of(
            System.getProperty("palimpsest.root", "."), "retrain-workflow", "src", "test", "resources", "histories");

    private static final String ERASURE = WorkflowIds.run(RunRequest.ERASE, "e1");

    /** Short waits make short histories. */
    private static final FineTuneRequest REQUEST = new FineTuneRequest(
            "r1",
            WorkflowWorld.SCOPE,
            "alarm-1",
            "lora",
            17,
            0,
            Duration.ZERO,
            Duration.ofHours(3),
            WorkflowWorld.SILENCE,
            new RolloutPace(Duration.ofMinutes(30), 0.1, Duration.ofHours(3), Duration.ofHours(1)));

    /** A committed history: what it is called and how it came about. */
    record Story(String name, String workflowId, Consumer<FakeActivities> circumstances) {
        boolean isReconciliation() {
            return workflowId.equals(WorkflowIds.reconcile("r1"));
        }

        boolean isErasure() {
            return workflowId.equals(ERASURE);
        }

        @Override
        public String toString() {
            return name;
        }
    }

    static Stream<Story> stories() {
        String run = WorkflowIds.fineTune("r1");
        return Stream.of(
                new Story("fine-tune-promoted", run, fake -> {}),
                new Story("fine-tune-not-better", run, fake -> fake.verdict = new Verdict(false, "4e90", "no gain")),
                new Story("fine-tune-expired", run, fake -> fake.decision = TrainingActivities.Decision.PENDING),
                new Story("roll-out-kept", WorkflowIds.rollout("r1"), fake -> {}),
                new Story(
                        "roll-out-refused",
                        WorkflowIds.rollout("r1"),
                        fake -> fake.swap = new RolloutActivities.Swap("COUNTS_DIFFER", 0, null)),
                new Story("roll-out-rolled-back", WorkflowIds.rollout("r1"), fake -> fake.regression = "success"),
                new Story(
                        "reconcile-done",
                        WorkflowIds.reconcile("r1"),
                        fake -> fake.sources = List.of("folder", "s3:invoices")),
                new Story("erase-done-in-two-rounds", ERASURE, fake -> fake.erasure.found.add(3L)),
                new Story("erase-held", ERASURE, fake -> fake.erasure.held = true));
    }

    @ParameterizedTest
    @MethodSource("stories")
    void committedHistoryIsReplayed(Story story) throws Exception {
        Path file = HISTORIES.resolve(story.name() + ".json");
        if (Boolean.getBoolean("palimpsest.regenerate") && !Files.exists(file)) {
            Files.writeString(file, tell(story));
        }

        WorkflowReplayer.replayWorkflowExecution(
                Files.readString(file),
                FineTuneWorkflowImpl.class,
                RolloutWorkflowImpl.class,
                ReconcileWorkflowImpl.class,
                EraseWorkflowImpl.class);
    }

    private static String tell(Story story) {
        try (WorkflowWorld world = new WorkflowWorld()) {
            story.circumstances().accept(world.activities);
            if (story.isReconciliation()) {
                world.stub(ReconcileWorkflow.class, story.workflowId()).run(ReconcileWorkflowTest.request());
            } else if (story.isErasure()) {
                world.stub(EraseWorkflow.class, story.workflowId()).run(EraseWorkflowTest.request());
            } else {
                world.fineTune("r1").run(REQUEST);
            }
            return world.history(story.workflowId());
        }
    }

    @Test
    void everyCommittedHistoryHasItsStory() throws IOException {
        List<String> told = stories().map(story -> story.name() + ".json").toList();
        try (Stream<Path> files = Files.list(HISTORIES)) {
            assertThat(files.map(file -> file.getFileName().toString())).containsExactlyInAnyOrderElementsOf(told);
        }
    }
}
