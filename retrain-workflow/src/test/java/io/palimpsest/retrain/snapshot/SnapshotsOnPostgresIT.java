package io.palimpsest.retrain.snapshot;

import io.palimpsest.platform.database.TestDatabases;
import java.nio.file.Path;

final class SnapshotsOnPostgresIT extends SnapshotsTest {
    @Override
    TestDatabases databases(Path directory) {
        return TestDatabases.postgres();
    }
}
