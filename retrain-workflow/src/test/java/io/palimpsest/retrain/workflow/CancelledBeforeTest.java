package io.palimpsest.retrain.workflow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.palimpsest.contracts.error.ErrorCode;
import io.palimpsest.contracts.error.PalimpsestException;
import io.palimpsest.contracts.event.LedgerEntry;
import io.palimpsest.platform.config.DatabaseSettings;
import io.palimpsest.platform.database.Database;
import io.palimpsest.platform.ledger.LedgerEntries;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Somebody cancelled while Temporal did not answer: the run begins later, and its first step knows. */
@SuppressWarnings("NullAway") // parts that a run that does nothing has no need of
final class CancelledBeforeTest {
    @TempDir
    private Path folder;

    private final List<LedgerEntry> told = new ArrayList<>();
    private Database database;
    private Runs runs;

    @BeforeEach
    void open() {
        database = Database.open(DatabaseSettings.inFile(folder.resolve("runs.db")));
        runs = new Runs(database.sql(), Clock.systemUTC());
    }

    @AfterEach
    void close() {
        database.close();
    }

    @Test
    void trainingTakesNoSnapshotAndAsksForNoLabels() {
        FineTuneRequest request = WorkflowWorld.request("r1");
        TrainingActivities training = training();
        cancelled(request);

        refused(() -> training.labelling(request));
        refused(() -> training.snapshot(request));
        assertThat(told).extracting(LedgerEntry::type).containsOnly(LedgerEntry.Type.RUN_STARTED);
    }

    @Test
    void comparisonAsksForNoSources() {
        ReconcileRequest request = ReconcileWorkflowTest.request();
        cancelled(request);

        refused(() -> new ReconcileActivitiesImpl(
                        new SourcesApi(
                                HttpClient.newHttpClient(),
                                () -> new IndexApi.Access(URI.create("http://127.0.0.1:1"), "key")),
                        runs,
                        new LedgerEntries(new byte[32]),
                        told::add,
                        Clock.systemUTC())
                .sources(request));
    }

    @Test
    void erasureErasesNothing() {
        EraseRequest request = EraseWorkflowTest.request();
        cancelled(request);

        refused(() -> new EraseActivitiesImpl(null, null, null, runs).begin(request));
    }

    /** The server has not heard of the run. */
    private void cancelled(RunRequest request) {
        runs.begin(request);
        try (WorkflowWorld empty = new WorkflowWorld()) {
            new RunStarter(empty.client, runs, false, Optional.empty(), RunStarterTest::unexpected)
                    .cancel(runs.find(request.runId()).orElseThrow());
        }
    }

    private static void refused(ThrowingCallable step) {
        assertThatThrownBy(step)
                .isInstanceOfSatisfying(
                        PalimpsestException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.RUN_CANCELLED));
    }

    private TrainingActivities training() {
        return new TrainingActivitiesImpl(new TuningParts(
                runs,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                new LedgerEntries(new byte[32]),
                told::add,
                RunObserver.NONE,
                folder,
                null,
                null,
                null,
                null,
                Clock.systemUTC()));
    }
}
