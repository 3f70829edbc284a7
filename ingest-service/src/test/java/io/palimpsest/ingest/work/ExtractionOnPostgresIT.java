package io.palimpsest.ingest.work;

import io.palimpsest.platform.database.TestDatabases;
import java.nio.file.Path;

final class ExtractionOnPostgresIT extends ExtractionTest {
    @Override
    TestDatabases databases(Path folder) {
        return TestDatabases.postgres();
    }
}
