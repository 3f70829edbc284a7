package io.palimpsest.ingest.source;

import io.palimpsest.platform.database.TestDatabases;
import java.nio.file.Path;

final class FolderSourceOnPostgresIT extends FolderSourceTest {
    @Override
    TestDatabases databases(Path folder) {
        return TestDatabases.postgres();
    }
}
