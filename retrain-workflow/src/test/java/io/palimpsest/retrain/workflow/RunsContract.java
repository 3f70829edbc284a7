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
    void runOfAnAlarmIsSeenByPeopleAndNotBegunAgainAfterItsEnd() {
        assertThat(runs.isToRun(REQUEST)).isTrue();
        assertThat(runs.find("r1")).isPresent();
        assertThat(runs.isToRun(REQUEST)).as("while it runs").isTrue();

        runs.end("r1", new RunEnd(Outcome.NOT_BETTER, null, "no gain"));

        assertThat(runs.isToRun(REQUEST)).isFalse();
    }

    @Test
    void promotedRunIsListedUntilItsPredecessorIsRetired() {
        runs.begin(REQUEST);
        assertThat(runs.promotedBefore(NOW.plusMillis(1))).as("still runs").isEmpty();
        runs.end("r1", new RunEnd(Outcome.PROMOTED, "m", "generation g"));

        assertThat(runs.promotedBefore(NOW)).as("not yet").isEmpty();
        assertThat(runs.promotedBefore(NOW.plusMillis(1))).hasSize(1);
        runs.once("r1", Stage.RETIRE, String.class, () -> "g0");
        assertThat(runs.promotedBefore(NOW.plusMillis(1))).isEmpty();
        assertThat(runs.isDone("r1", Stage.RETIRE)).isTrue();
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
