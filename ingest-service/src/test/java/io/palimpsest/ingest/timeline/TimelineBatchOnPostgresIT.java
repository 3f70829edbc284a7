package io.palimpsest.ingest.timeline;

import io.palimpsest.platform.database.TestDatabases;
import java.nio.file.Path;

final class TimelineBatchOnPostgresIT extends TimelineBatchTest {
    @Override
    TestDatabases databases(Path folder) {
        return TestDatabases.postgres();
    }
}
