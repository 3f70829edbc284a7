package io.palimpsest.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.palimpsest.contracts.error.PalimpsestException;
import io.palimpsest.platform.config.Settings;
import io.palimpsest.platform.content.DocumentKeys;
import io.palimpsest.platform.content.FileContentStore;
import io.palimpsest.platform.content.MasterKey;
import io.palimpsest.platform.database.Database;
import io.palimpsest.platform.erasure.Suppressions;
import io.palimpsest.platform.kafka.KafkaClients;
import io.palimpsest.platform.lease.Leases;
import io.palimpsest.platform.ledger.LedgerEntries;
import io.palimpsest.platform.telemetry.Health;
import io.palimpsest.platform.telemetry.Telemetry;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class IngestAppTest {
    @Test
    void whatCannotBeWiredLeavesNoThreadThatKeepsTheProcessAlive(@TempDir Path dir) throws Exception {
        Files.writeString(dir.resolve("work"), "a file where a folder must be");
        Settings settings = Settings.load(Map.of("data.dir", dir.toString()));
        Set<Thread> before = lasting();
        try (Database database = Database.open(settings.database());
                Telemetry telemetry = Telemetry.local()) {
            FileContentStore contents = new FileContentStore(
                    dir.resolve("content"),
                    new DocumentKeys(database.sql(), MasterKey.ensure(dir.resolve("master.key"))));
            IngestApp.Platform platform = new IngestApp.Platform(
                    settings,
                    new KafkaClients(settings.kafka().at("127.0.0.1:9")),
                    database.sql(),
                    new Leases(database.sql(), "test", Leases.Pace.NORMAL),
                    contents,
                    telemetry,
                    new Health(),
                    new LedgerEntries(new byte[32]),
                    entry -> {},
                    new Suppressions(database.sql(), new byte[32], Clock.systemUTC()),
                    Optional::empty,
                    Clock.systemUTC(),
                    "0");
            IngestApp.Engines engines = new IngestApp.Engines(IngestHouse.EACH_BLOCK, text -> 1, source -> {
                throw new IllegalStateException("nothing is read here");
            });
            assertThatThrownBy(() -> IngestApp.of(platform, engines))
                    .isInstanceOf(PalimpsestException.class)
                    .hasMessageContaining("not writable");
        }
        long deadline = System.nanoTime() + Duration.ofSeconds(20).toNanos();
        Set<Thread> left = left(before);
        while (!left.isEmpty() && System.nanoTime() < deadline) {
            Thread.sleep(50);
            left = left(before);
        }
        assertThat(left).isEmpty();
    }

    @Test
    void documentsWithAnythingEmbeddedCanBeRefused() {
        Settings settings = Settings.load(Map.of("extract.max.embedded", "0"));

        assertThat(PartSettings.limits(settings).maxEmbedded()).isZero();
    }

    private static Set<Thread> left(Set<Thread> before) {
        return lasting().stream().filter(thread -> !before.contains(thread)).collect(Collectors.toSet());
    }

    private static Set<Thread> lasting() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> !thread.isDaemon())
                .collect(Collectors.toSet());
    }
}
