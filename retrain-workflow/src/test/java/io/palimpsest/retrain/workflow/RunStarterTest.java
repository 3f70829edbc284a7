package io.palimpsest.retrain.workflow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.palimpsest.contracts.error.ErrorCode;
import io.palimpsest.contracts.error.PalimpsestException;
import io.palimpsest.platform.config.DatabaseSettings;
import io.palimpsest.platform.database.Database;
import io.temporal.client.WorkflowStub;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Collections;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Law 9: one cause, one run, on a server that forgets and one that does not. */
final class RunStarterTest {
    private static final int CANCELLED = 12;

    @TempDir
    private Path folder;

    @Test
    void runThatIsAskedForTwiceRunsOnce() throws Exception {
        try (Database database = Database.open(DatabaseSettings.inFile(folder.resolve("runs.db")));
                WorkflowWorld world = new WorkflowWorld()) {
            RunStarter starter = new RunStarter(
                    world.client,
                    new Runs(database.sql(), Clock.systemUTC()),
                    false,
                    Optional.empty(),
                    RunStarterTest::unexpected);

            assertThat(starter.start(WorkflowWorld.request("r1"))).isTrue();
            assertThat(starter.start(WorkflowWorld.request("r1"))).isFalse();
            starter.resume();
            starter.resume();

            ended(world);
            assertThat(Collections.frequency(world.activities.calls, "snapshot"))
                    .isOne();
        }
    }

    @Test
    void runThatTheServerForgotIsBegunAgainAndOneThatEndedIsNot() throws Exception {
        try (Database database = Database.open(DatabaseSettings.inFile(folder.resolve("runs.db")))) {
            Runs runs = new Runs(database.sql(), Clock.systemUTC());
            runs.begin(WorkflowWorld.request("r1"));
            runs.begin(WorkflowWorld.request("r2"));
            runs.end("r2", new RunEnd(Outcome.NOT_BETTER, null, "no gain"));
            try (WorkflowWorld empty = new WorkflowWorld()) {
                new RunStarter(empty.client, runs, false, Optional.empty(), RunStarterTest::unexpected).resume();

                ended(empty);
                assertThat(empty.activities.ends).hasSize(1);
            }
        }
    }

    @Test
    void runThatTemporalRefusesSaysSoAndIsBegunOnceItIsTaken() throws Exception {
        try (Database database = Database.open(DatabaseSettings.inFile(folder.resolve("runs.db")))) {
            Runs runs = new Runs(database.sql(), Clock.systemUTC());
            WorkflowWorld gone = new WorkflowWorld();
            gone.close();
            RunStarter refused = new RunStarter(
                    gone.client,
                    runs,
                    false,
                    Optional.empty(),
                    failed -> new PalimpsestException(ErrorCode.TEMPORAL_REFUSED, "Temporal has no namespace", failed));

            assertThatThrownBy(() -> refused.start(WorkflowWorld.request("r1")))
                    .isInstanceOfSatisfying(
                            PalimpsestException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.TEMPORAL_REFUSED))
                    .hasMessage("Temporal has no namespace; what was asked is done once it answers");
            assertThat(runs.unfinished()).hasSize(1);
            try (WorkflowWorld back = new WorkflowWorld()) {
                new RunStarter(back.client, runs, false, Optional.empty(), RunStarterTest::unexpected).resume();
                ended(back);
            }
        }
    }

    /** Where no call fails. */
    static PalimpsestException unexpected(RuntimeException failed) {
        throw failed;
    }

    /** The server in memory loses a workflow whose cancellation meets the end of a step: at its start steps are short. */
    @Test
    void runThatIsCancelledRightAtItsStartEndsOnAServerInMemory() throws Exception {
        try (Database database = Database.open(DatabaseSettings.inFile(folder.resolve("runs.db")));
                WorkflowWorld world = WorkflowWorld.inRealTime()) {
            Runs runs = new Runs(database.sql(), Clock.systemUTC());
            world.activities.decision = TrainingActivities.Decision.PENDING;
            world.activities.ended = runs::end;
            RunStarter starter = new RunStarter(
                    world.client,
                    runs,
                    false,
                    Optional.of(new LostTasks(world.client, Duration.ofSeconds(1), InstantSource.system())),
                    RunStarterTest::unexpected);
            Random random = new Random(1);
            for (int i = 0; i < CANCELLED; i++) {
                starter.start(WorkflowWorld.request("r" + i));
                LockSupport.parkNanos(TimeUnit.MICROSECONDS.toNanos(random.nextInt(40_000)));
                starter.cancel(runs.find("r" + i).orElseThrow());
            }

            for (int looks = 0; looks < 40 && !runs.unfinished().isEmpty(); looks++) {
                TimeUnit.MILLISECONDS.sleep(1_500); // as the keeper does: longer than a task that is not lost takes
                starter.resume();
            }

            assertThat(runs.unfinished()).isEmpty();
            assertThat(world.activities.ends)
                    .hasSize(CANCELLED)
                    .allSatisfy(end -> assertThat(end.outcome()).isEqualTo(Outcome.CANCELLED));
        }
    }

    private static void ended(WorkflowWorld world) {
        assertThat(WorkflowStub.fromTyped(
                                world.client.newWorkflowStub(FineTuneWorkflow.class, WorkflowIds.fineTune("r1")))
                        .getResult(RunEnd.class)
                        .outcome())
                .isEqualTo(Outcome.PROMOTED);
    }
}
