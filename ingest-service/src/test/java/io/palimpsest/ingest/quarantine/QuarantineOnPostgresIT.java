package io.palimpsest.ingest.quarantine;

import io.palimpsest.platform.database.TestDatabases;
import java.nio.file.Path;

final class QuarantineOnPostgresIT extends QuarantineTest {
    @Override
    TestDatabases databases(Path folder) {
        return TestDatabases.postgres();
    }
}
