package io.palimpsest.retrain.workflow;

import static io.palimpsest.retrain.feedback.QueryLogRows.DOCS;
import static org.assertj.core.api.Assertions.assertThat;

import io.palimpsest.platform.config.DatabaseSettings;
import io.palimpsest.platform.content.InMemoryContentStore;
import io.palimpsest.platform.cost.CostBook;
import io.palimpsest.platform.cost.Spent;
import io.palimpsest.platform.cost.Work;
import io.palimpsest.platform.cost.WorkKind;
import io.palimpsest.platform.database.Database;
import io.palimpsest.retrain.snapshot.Snapshots;
import io.palimpsest.retrain.tune.TrainingUse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class RunCostTest {
    private static final Instant NOON = Instant.parse("2026-11-01T12:00:00Z");
    private static final Work TRAINING = new Work(DOCS, WorkKind.TRAINING, "lora", "r1");

    @Test
    void everyTryCostsWhatItTookAndTheTokensOfOneJobCountOnce(@TempDir Path folder) {
        try (Database database = Database.open(DatabaseSettings.inFile(folder.resolve("test.db")))) {
            CostBook book = new CostBook(database.sql(), () -> NOON);
            for (int attempt = 0; attempt < 2; attempt++) {
                try (RunCost cost = new RunCost(book, TRAINING, NOON)) {
                    cost.steps(40);
                    cost.used(new TrainingUse(Duration.ofSeconds(3), 0));
                    cost.used(new TrainingUse(Duration.ofSeconds(2), 9_000)); // a member of the tree has ended
                }
            }
            assertThat(book.of(DOCS)).singleElement().satisfies(sum -> {
                assertThat(sum.runs()).isEqualTo(1);
                assertThat(sum.all().cpuMillis()).isEqualTo(6_000);
                assertThat(sum.all().steps()).isEqualTo(80);
                assertThat(sum.all().tokens()).isEqualTo(9_000);
            });
        }
    }

    @Test
    void aStepThatNobodyMeasuredHasNoKnownCpu(@TempDir Path folder) {
        try (Database database = Database.open(DatabaseSettings.inFile(folder.resolve("test.db")))) {
            CostBook book = new CostBook(database.sql(), () -> NOON);
            new RunCost(book, TRAINING, NOON).close();
            assertThat(book.of(DOCS).getFirst().all().cpuMillis()).isEqualTo(Spent.UNKNOWN);
        }
    }

    @Test
    void filesOfARunAreShownByAnyProcessUntilTheirKeyIsDestroyed(@TempDir Path folder) {
        try (Database database = Database.open(DatabaseSettings.inFile(folder.resolve("test.db")))) {
            InMemoryContentStore store = new InMemoryContentStore();
            RunFiles files = new RunFiles(database.sql(), store, () -> NOON);
            byte[] report = "{}".getBytes(StandardCharsets.UTF_8);
            byte[] log = "step 1".getBytes(StandardCharsets.UTF_8);
            var key = Snapshots.key(DOCS, io.palimpsest.contracts.id.ContentHash.ofText("snapshot"));
            files.putBeside("r1", RunFiles.LOG, key, log);
            store.put(key, new byte[1]);
            assertThat(files.read("r1", RunFiles.LOG))
                    .as("its training set is gone")
                    .isEmpty();
            files.putBeside("r1", RunFiles.LOG, key, log);
            files.put("r1", "evaluation.json", report);

            RunFiles elsewhere = new RunFiles(database.sql(), store, () -> NOON);
            assertThat(elsewhere.read("r1", "evaluation.json")).contains(report);
            assertThat(elsewhere.read("r1", RunFiles.LOG)).contains(log);
            assertThat(elsewhere.read("r2", RunFiles.LOG)).isEmpty();
            store.eraseDocument(key);
            assertThat(elsewhere.read("r1", RunFiles.LOG)).isEmpty();
            assertThat(elsewhere.read("r1", "evaluation.json")).contains(report);
        }
    }
}
