package io.palimpsest.retrain.workflow;

import static org.assertj.core.api.Assertions.assertThat;

import io.palimpsest.contracts.id.CollectionKey;
import io.palimpsest.platform.database.Database;
import io.palimpsest.platform.database.TestDatabases;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What holds of runs on every database. */
abstract class RunsContract {
    private static final Instant NOW = Instant.parse("2026-11-01T08:30:00Z");
    private static final FineTuneRequest REQUEST = WorkflowWorld.request("r1");

    private TestDatabases databases;
    private Database database;
    private Runs runs;

    abstract TestDatabases databases();

    @BeforeEach
    void open() {
        databases = databases();
        database = Database.open(databases.fresh());
        runs = new Runs(database.sql(), () -> NOW);
    }

    @AfterEach
    void close() throws Exception {
        database.close();
        databases.close();
    }

    @Test
    void runBeginsOnceAndKeepsWhatItWasBegunWith() {
        assertThat(runs.begin(REQUEST)).isTrue();
        assertThat(runs.begin(WorkflowWorld.request("r1"))).isFalse();

        assertThat(runs.unfinished()).containsExactly(REQUEST);
        assertThat(runs.of(CollectionKey.of("acme", "handbook"), 10)).hasSize(1);
        assertThat(runs.of(CollectionKey.of("other", "handbook"), 10)).isEmpty();
    }

    @Test
    void stepThatIsDoneIsNotDoneAgain() {
        AtomicInteger times = new AtomicInteger();
        runs.begin(REQUEST);
        for (int i = 0; i < 3; i++) {
            TrainingActivities.Trained trained = runs.once(
                    "r1",
                    Stage.TRAIN,
                    TrainingActivities.Trained.class,
                    () -> new TrainingActivities.Trained("model-" + times.incrementAndGet()));
            assertThat(trained.model()).isEqualTo("model-1");
        }

        assertThat(times).hasValue(1);
        assertThat(runs.done("r1")).extracting(Run.Done::stage).containsExactly(Stage.TRAIN);
        assertThat(runs.result("r1", Stage.SWAP, RolloutActivities.Swap.class)).isEmpty();
    }

    @Test
    void progressIsOfTheStepThatIsBeingDone() {
        runs.begin(REQUEST);
        assertThat(runs.progress("r1")).isEmpty();
        RunProgress first = new RunProgress(Stage.TRAIN, "train", 1, 110, 240L, 0.87, NOW);
        RunProgress second = new RunProgress(Stage.TRAIN, "verify", 110, 110, null, null, NOW.plusSeconds(240));

        runs.tell("r1", first);
        assertThat(runs.progress("r1")).contains(first);
        runs.tell("r1", second);
        assertThat(runs.progress("r1")).contains(second);
        runs.once("r1", Stage.TRAIN, String.class, () -> "model");
        assertThat(runs.progress("r1")).as("the step is done").isEmpty();

        runs.tell("r1", new RunProgress(Stage.BUILD, "build generation", 7, 7, 0L, null, NOW));
        assertThat(runs.progress("r1"))
                .as("what is built is no longer being built")
                .isEmpty();
    }

    @Test
    void runEndsOnce() {
        runs.begin(REQUEST);
        RunEnd end = new RunEnd(Outcome.NOT_BETTER, "m", "gain 0.004 [-0.010, 0.018]");

        assertThat(runs.end("r1", end)).isTrue();
        assertThat(runs.end("r1", new RunEnd(Outcome.FAILED, null, "late"))).isFalse();

        assertThat(runs.unfinished()).isEmpty();
        assertThat(runs.find("r1").orElseThrow().end()).contains(end);
        assertThat(runs.find("r1").orElseThrow().endedAt()).contains(NOW);
    }
}
