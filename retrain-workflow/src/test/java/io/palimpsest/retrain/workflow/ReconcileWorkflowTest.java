package io.palimpsest.retrain.workflow;

import static org.assertj.core.api.Assertions.assertThat;

import io.palimpsest.contracts.error.ErrorCode;
import io.palimpsest.contracts.error.PalimpsestException;
import io.palimpsest.platform.config.DatabaseSettings;
import io.palimpsest.platform.database.Database;
import io.palimpsest.retrain.workflow.ReconcileActivities.Compared;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Sources against the documents that we have, as a run. */
final class ReconcileWorkflowTest {
    private final WorkflowWorld world = new WorkflowWorld();
    private final FakeActivities activities = world.activities;

    @AfterEach
    void close() {
        world.close();
    }

    static ReconcileRequest request() {
        return new ReconcileRequest("r1", WorkflowWorld.SCOPE, "reconcile", null, false, false, null);
    }

    private ReconcileWorkflow workflow() {
        return world.stub(ReconcileWorkflow.class, WorkflowIds.reconcile("r1"));
    }

    @Test
    void everySourceIsComparedOnceAndTheCountsAddUp() {
        activities.sources = List.of("folder", "s3:invoices");

        RunEnd end = workflow().run(request());

        assertThat(end.outcome()).isEqualTo(Outcome.RECONCILED);
        assertThat(end.reason()).isEqualTo("2 sources: 2 missing, 4 changed, 0 gone; 6 published");
        assertThat(activities.calls).containsExactly("compare folder", "compare s3:invoices", "end RECONCILED");
    }

    @Test
    void heldDeletesOfOneSourceStopNoOther() {
        activities.sources = List.of("folder", "s3:invoices");
        activities.compared = source -> new Compared(
                source, 0, 0, 9, 0, source.equals("folder") ? ErrorCode.RECONCILE_DELETES_TOO_MUCH.id() : null);

        RunEnd end = workflow().run(request());

        assertThat(end.outcome()).isEqualTo(Outcome.DELETES_HELD);
        assertThat(end.reason()).endsWith("stopped: folder PAL-845");
        assertThat(activities.calls).contains("compare s3:invoices");
    }

    @Test
    void historyOfManySourcesStaysShort() {
        activities.sources = IntStream.range(0, 700).mapToObj(i -> "s3:b" + i).toList();

        RunEnd end = workflow().run(request());

        assertThat(end.reason()).startsWith("700 sources");
        assertThat(activities.calls).hasSize(701).doesNotHaveDuplicates();
        assertThat(world.client.fetchHistory(WorkflowIds.reconcile("r1")).getEvents())
                .hasSizeLessThan(2_100);
    }

    @Test
    void failureEndsTheRunWithItsCode() {
        activities.sources = List.of("folder");
        activities.compared = source -> {
            throw new PalimpsestException(ErrorCode.ROLE_MISSING, "OPERATE");
        };

        RunEnd end = workflow().run(request());

        assertThat(end.outcome()).isEqualTo(Outcome.FAILED);
        assertThat(end.reason()).isEqualTo("RECONCILE: ROLE_MISSING");
    }

    @Test
    void runOfAnyKindIsBegunAgainOnAServerThatForgot(@TempDir Path folder) throws Exception {
        activities.sources = List.of("folder");
        try (Database database = Database.open(DatabaseSettings.inFile(folder.resolve("runs.db")))) {
            Runs runs = new Runs(database.sql(), Clock.systemUTC());
            runs.begin(request());
            assertThat(runs.unfinished()).containsExactly(request());

            new RunStarter(world.client, runs, false, Optional.empty(), RunStarterTest::unexpected).resume();

            assertThat(world.client
                            .newUntypedWorkflowStub(WorkflowIds.reconcile("r1"))
                            .getResult(RunEnd.class)
                            .outcome())
                    .isEqualTo(Outcome.RECONCILED);
        }
    }
}
