package io.palimpsest.retrain;

import static org.assertj.core.api.Assertions.assertThat;

import io.palimpsest.contracts.id.ContentHash;
import io.palimpsest.platform.config.DatabaseSettings;
import io.palimpsest.platform.content.InMemoryContentStore;
import io.palimpsest.platform.database.Database;
import io.palimpsest.platform.database.Sql;
import io.palimpsest.platform.erasure.Suppressions;
import io.palimpsest.platform.ledger.LedgerEntries;
import io.palimpsest.platform.retry.Condition;
import io.palimpsest.retrain.feedback.FeedbackLog;
import io.palimpsest.retrain.snapshot.Snapshots;
import io.palimpsest.retrain.workflow.Runs;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

final class RetrainHousekeepingTest {
    @Test
    @Timeout(30)
    void foldersOfRunsThatAreOverOrLearnedFromWhatIsErasedGo(@TempDir Path folder) throws Exception {
        try (Database database = Database.open(DatabaseSettings.inFile(folder.resolve("test.db")))) {
            Sql sql = database.sql();
            Path runs = folder.resolve("runs");
            for (String run : new String[] {"going", "over", "never-begun", "tainted"}) {
                Files.createDirectories(runs.resolve(run));
                Files.writeString(runs.resolve(run).resolve("note"), "what a program noted");
            }
            run(sql, "going", null);
            run(sql, "over", "NOT_BETTER");
            run(sql, "tainted", null);
            String snapshot = ContentHash.ofText("snapshot").value();
            sql.update(
                    "INSERT INTO run_stage (run_id, stage, result, done_at) VALUES ('tainted', 'SNAPSHOT', ?, 1)",
                    "{\"hash\":\"" + snapshot + "\"}");
            sql.update(
                    "INSERT INTO training_snapshot (snapshot, tenant, collection, made_at, made_by, manifest, retired_at)"
                            + " VALUES (?, 'acme', 'docs', 1, 'test', '{}', 2)",
                    snapshot);
            Snapshots snapshots = new Snapshots(new Snapshots.Parts(
                    sql,
                    new InMemoryContentStore(),
                    place -> Optional.empty(),
                    document -> Optional.empty(),
                    new Suppressions(sql, new byte[32], Clock.systemUTC()),
                    new LedgerEntries(new byte[32]),
                    entry -> {},
                    Clock.systemUTC()));
            try (RetrainHousekeeping housekeeping = new RetrainHousekeeping(
                    new FeedbackLog(sql),
                    Duration.ofDays(365),
                    snapshots,
                    new Runs(sql, Clock.systemUTC()),
                    runs,
                    Clock.systemUTC())) {
                housekeeping.start();
                assertThat(Condition.await(
                                () -> !Files.exists(runs.resolve("over"))
                                        && !Files.exists(runs.resolve("never-begun"))
                                        && !Files.exists(runs.resolve("tainted")),
                                Duration.ofSeconds(20),
                                Duration.ofMillis(20)))
                        .isTrue();
            }
            assertThat(runs.resolve("going").resolve("note")).exists();
        }
    }

    private static void run(Sql sql, String id, @org.jspecify.annotations.Nullable String outcome) {
        sql.update(
                "INSERT INTO run (run_id, kind, tenant, collection, cause, request, started_at, outcome)"
                        + " VALUES (?, 'fine-tune', 'acme', 'docs', 'c', '{}', 1, ?)",
                id,
                outcome);
    }
}
