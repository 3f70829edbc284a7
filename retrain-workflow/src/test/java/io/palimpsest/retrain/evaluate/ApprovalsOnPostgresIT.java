package io.palimpsest.retrain.evaluate;

import io.palimpsest.platform.database.TestDatabases;
import java.nio.file.Path;

final class ApprovalsOnPostgresIT extends ApprovalsTest {
    @Override
    TestDatabases databases(Path directory) {
        return TestDatabases.postgres();
    }
}
