package io.palimpsest.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import io.palimpsest.contracts.event.LedgerEntry;
import io.palimpsest.platform.config.Settings;
import io.palimpsest.platform.ledger.KeptThresholds;
import io.palimpsest.platform.ledger.LedgerEntries;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ConfigurationLedgerTest {
    @TempDir
    Path dir = Path.of("");

    private final List<LedgerEntry> told = new ArrayList<>();
    private final List<Map<String, String>> kept = new ArrayList<>();

    @Test
    void theFirstStartIsToldOnce() {
        start(Map.of());
        start(Map.of());
        assertThat(told).hasSize(1);
        assertThat(told.getFirst().type()).isEqualTo(LedgerEntry.Type.CONFIGURATION_CHANGED);
    }

    @Test
    void aChangeIsToldByTheNamesOfItsKeysAndGoingBackIsAnother() {
        start(Map.of());
        start(Map.of("http.port", "9000", "fetch.allowed.hosts", "a.example,b.example"));
        start(Map.of());
        assertThat(told)
                .extracting(entry -> entry.facts().get("keys"))
                .containsExactly("", "fetch.allowed.hosts,http.port", "fetch.allowed.hosts,http.port");
        assertThat(told).extracting(LedgerEntry::entryId).doesNotHaveDuplicates();
        assertThat(told.toString()).doesNotContain("a.example");
    }

    @Test
    void thresholdsAreKeptAsTheLedgerHasTheirHashAndNothingElseIs() {
        start(Map.of("gate.promotion.tolerance", "0.02", "search.rerank.key", "hunter2", "http.host", "127.0.0.2"));
        assertThat(kept).singleElement().satisfies(settings -> {
            assertThat(settings)
                    .containsEntry("gate.promotion.tolerance", "0.02")
                    .containsKeys("drift.false.alarm.rate", "search.vector.weight", "index.history.retention")
                    .doesNotContainKeys("http.host", "search.rerank.key", "data.dir");
            assertThat(told.getFirst().facts())
                    .containsEntry("thresholds", KeptThresholds.hash(settings).value());
        });
    }

    @Test
    void secretsAreNeitherKeptNorTold() throws IOException {
        start(Map.of("http.tls.password", "hunter2", "kafka.client.sasl.jaas.config", "hunter3"));
        assertThat(Files.readString(dir.resolve("configuration.json"))).doesNotContain("hunter");
        assertThat(told.toString()).doesNotContain("hunter");
    }

    @Test
    void aCrashBeforeItIsRememberedTellsItAgainUnderTheSameId() throws IOException {
        start(Map.of());
        Files.delete(dir.resolve("configuration.json"));
        start(Map.of());
        assertThat(told).hasSize(2);
        assertThat(told.get(1).entryId()).isEqualTo(told.get(0).entryId());
    }

    private void start(Map<String, String> given) {
        Map<String, String> all = new HashMap<>(given);
        all.put("data.dir", dir.toString());
        new ConfigurationLedger(dir, "service:test", new LedgerEntries(new byte[32]), told::add, kept::add, () -> {})
                .record(Settings.load(all), Instant.EPOCH);
    }
}
