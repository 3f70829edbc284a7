package io.palimpsest.retrain.workflow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.palimpsest.contracts.id.CollectionId;
import io.palimpsest.contracts.id.CollectionKey;
import io.palimpsest.contracts.id.ContentHash;
import io.palimpsest.contracts.id.DocumentId;
import io.palimpsest.contracts.id.ModelId;
import io.palimpsest.contracts.id.TenantId;
import io.palimpsest.platform.database.Database;
import io.palimpsest.platform.database.TestDatabases;
import io.palimpsest.platform.ledger.LedgerEntries;
import io.palimpsest.platform.security.Caller;
import io.palimpsest.platform.security.Role;
import io.palimpsest.platform.telemetry.Telemetry;
import io.palimpsest.retrain.evaluate.Approvals;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What holds of runs on every database. */
abstract class RunsContract {
    private static final Instant NOW = Instant.parse("2026-11-01T08:30:00Z");
    private static final Caller ANN = new Caller(
            new TenantId("acme"), "ann", Set.of(), Set.of(new CollectionId("handbook")), Set.of(Role.APPROVE));
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
    void whatLearnedFromADocumentIsFoundByIt() {
        CollectionKey collection = CollectionKey.of("acme", "handbook");
        ContentHash snapshot = ContentHash.ofText("a training set");
        database.sql()
                .update(
                        "INSERT INTO training_snapshot (snapshot, tenant, collection, made_at, made_by, manifest)"
                                + " VALUES (?, 'acme', 'handbook', 5, 'service:retrain', '{}')",
                        snapshot.value());
        for (String document : List.of("urn:a", "urn:b")) {
            database.sql()
                    .update(
                            "INSERT INTO training_snapshot_document (tenant, collection, snapshot, document_id, revision,"
                                    + " trained, imported) VALUES ('acme', 'handbook', ?, ?, 3, ?, 0)",
                            snapshot.value(),
                            document,
                            document.equals("urn:a") ? 1 : 0);
        }
        runs.begin(REQUEST);
        runs.begin(WorkflowWorld.request("of another set"));
        runs.once(
                "r1",
                Stage.SNAPSHOT,
                TrainingActivities.SnapshotMade.class,
                () -> new TrainingActivities.SnapshotMade(snapshot.value(), null));
        runs.once("r1", Stage.TRAIN, TrainingActivities.Trained.class, () -> new TrainingActivities.Trained("lora/1"));
        runs.end("r1", new RunEnd(Outcome.NOT_BETTER, "lora/1", "no gain"));

        Learned learned = new Learned(database.sql());
        assertThat(learned.from(collection, new DocumentId("urn:a")))
                .singleElement()
                .satisfies(set -> {
                    assertThat(set.snapshot()).isEqualTo(snapshot);
                    assertThat(set.trained()).isTrue();
                    assertThat(set.revision()).isEqualTo(3);
                    assertThat(set.retired()).isFalse();
                    assertThat(set.runs())
                            .containsExactly(new Learned.Trained("r1", "lora/1", Outcome.NOT_BETTER, NOW, NOW));
                });
        assertThat(learned.from(collection, new DocumentId("urn:b")))
                .singleElement()
                .satisfies(set -> assertThat(set.trained()).isFalse());
        assertThat(learned.from(collection, new DocumentId("urn:c"))).isEmpty();
        assertThat(learned.from(CollectionKey.of("other", "handbook"), new DocumentId("urn:a")))
                .isEmpty();
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

    @Test
    void whatIsDoneTellsInWhichStageARunIsAndSinceWhen() {
        RunStandings standings = new RunStandings(database.sql());
        Approvals approvals = new Approvals(
                database.sql(), new LedgerEntries(new byte[32]), entry -> {}, Clock.fixed(NOW, ZoneOffset.UTC));
        runs.begin(REQUEST);
        assertThat(standings.underWay())
                .singleElement()
                .isEqualTo(new RunStandings.UnderWay(CollectionKey.of("acme", "handbook"), Stage.LABEL, NOW, 0));

        assertThat(stageAfter(standings, Stage.SNAPSHOT, NOW.plusSeconds(1))).isEqualTo(Stage.TRAIN);
        assertThat(stageAfter(standings, Stage.TRAIN, NOW.plusSeconds(2))).isEqualTo(Stage.EVALUATE);
        assertThat(standings.waiting(NOW)).isEmpty();
        assertThat(stageAfter(standings, Stage.EVALUATE, NOW.plusSeconds(3))).isEqualTo(Stage.APPROVE);
        approvals.request("r1", CollectionKey.of("acme", "handbook"), new ModelId("m/fp32/1"), 1, Duration.ofDays(1));
        assertThat(standings.waiting(NOW)).contains(new RunStandings.Waiting(NOW, NOW.plus(Duration.ofDays(1))));
        approvals.decide("r1", ANN, Approvals.Verdict.APPROVE, "better on both slices");
        assertThat(standings.waiting(NOW)).isEmpty();
        assertThat(standings.underWay())
                .singleElement()
                .isEqualTo(new RunStandings.UnderWay(CollectionKey.of("acme", "handbook"), Stage.ROLL_OUT, NOW, 0));
        assertThat(stageAfter(standings, Stage.SWAP, NOW.plusSeconds(4))).isEqualTo(Stage.WATCH);
        runs.end("r1", new RunEnd(Outcome.PROMOTED, "m", "generation g"));
        assertThat(standings.underWay()).isEmpty();
    }

    @Test
    void aRequestOfARunThatEndedWaitsForNobody() {
        RunStandings standings = new RunStandings(database.sql());
        runs.begin(REQUEST);
        new Approvals(database.sql(), new LedgerEntries(new byte[32]), entry -> {}, Clock.fixed(NOW, ZoneOffset.UTC))
                .request("r1", CollectionKey.of("acme", "handbook"), new ModelId("m/fp32/1"), 1, Duration.ofDays(1));

        runs.end("r1", new RunEnd(Outcome.CANCELLED, "m", "APPROVE: cancelled"));

        assertThat(standings.waiting(NOW)).isEmpty();
    }

    @Test
    void stepsAndEndsAreCountedOnce() {
        try (Telemetry telemetry = Telemetry.local()) {
            Runs counted = new Runs(database.sql(), () -> NOW, RunObserver.metrics(telemetry));
            counted.begin(REQUEST);
            for (int i = 0; i < 2; i++) {
                counted.once("r1", Stage.TRAIN, String.class, () -> "model");
                counted.end("r1", new RunEnd(Outcome.NOT_BETTER, "m", "no gain"));
            }
            assertThatThrownBy(() -> counted.once("r1", Stage.EVALUATE, String.class, () -> {
                        throw new IllegalStateException("no index");
                    }))
                    .isInstanceOf(IllegalStateException.class);

            assertThat(telemetry.scrape())
                    .contains("palimpsest_run_step_seconds_count{outcome=\"done\",stage=\"train\"} 1")
                    .contains("palimpsest_run_step_seconds_count{outcome=\"failed\",stage=\"evaluate\"} 1")
                    .contains("palimpsest_runs_ended_runs_total{outcome=\"not_better\"} 1.0")
                    .contains("palimpsest_runs_ended_runs_total{outcome=\"rolled_back\"} 0.0");
        }
    }

    private Stage stageAfter(RunStandings standings, Stage done, Instant at) {
        String result = new Runs(database.sql(), () -> at).once("r1", done, String.class, done::name);
        assertThat(result).isEqualTo(done.name());
        assertThat(standings.underWay().getFirst().since()).isEqualTo(at);
        return standings.underWay().getFirst().stage();
    }
}
