package io.palimpsest.platform.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import io.palimpsest.platform.database.Database;
import io.palimpsest.platform.database.TestDatabases;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class KeptThresholdsTest {
    @Test
    void whatIsKeptIsFoundByItsHashUnlessItWasChanged(@TempDir Path folder) {
        try (Database database = Database.open(TestDatabases.files(folder).fresh())) {
            KeptThresholds kept = new KeptThresholds(database.sql());
            Map<String, String> settings = Map.of("gate.b", "0.01", "gate.a", "an \"ä\"");
            String hash = KeptThresholds.hash(settings).value();
            assertThat(kept.find(hash)).isEmpty();
            kept.keep(settings);
            kept.keep(settings);
            assertThat(kept.find(hash)).contains(settings);

            database.sql().update("UPDATE configuration SET settings = ?", "{\"gate.a\":\"0.5\"}");
            assertThat(kept.find(hash)).isEmpty();
        }
    }
}
