package io.palimpsest.retrain.workflow;

import static org.assertj.core.api.Assertions.assertThat;

import io.palimpsest.platform.config.DatabaseSettings;
import io.palimpsest.platform.database.Database;
import io.temporal.client.WorkflowStub;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Collections;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Law 9: one cause, one run, on a server that forgets and one that does not. */
final class RunStarterTest {
    @TempDir
    private Path folder;

    @Test
    void runThatIsAskedForTwiceRunsOnce() throws Exception {
        try (Database database = Database.open(DatabaseSettings.inFile(folder.resolve("runs.db")));
                WorkflowWorld world = new WorkflowWorld()) {
            RunStarter starter = new RunStarter(world.client, new Runs(database.sql(), Clock.systemUTC()), false);

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
                new RunStarter(empty.client, runs, false).resume();

                ended(empty);
                assertThat(empty.activities.ends).hasSize(1);
            }
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
