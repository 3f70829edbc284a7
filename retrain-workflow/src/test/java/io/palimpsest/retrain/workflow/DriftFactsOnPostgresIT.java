package io.palimpsest.retrain.workflow;

import io.palimpsest.platform.database.TestDatabases;
import java.nio.file.Path;

final class DriftFactsOnPostgresIT extends DriftFactsTest {
    @Override
    TestDatabases databases(Path directory) {
        return TestDatabases.postgres();
    }
}
