package io.palimpsest.ingest;

import io.palimpsest.platform.config.DatabaseSettings;
import io.palimpsest.platform.database.TestDatabases;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;

final class IngestAppOnPostgresIT extends IngestAppIT {
    private final TestDatabases databases = TestDatabases.postgres();

    @Override
    Map<String, String> database() {
        DatabaseSettings fresh = databases.fresh();
        return Map.of(
                "database.url", fresh.url(),
                "database.user", fresh.user(),
                "database.password", fresh.password().value());
    }

    @AfterAll
    @Override
    void close() throws Exception {
        super.close();
        databases.close();
    }
}
