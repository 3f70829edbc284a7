package io.palimpsest.index.querylog;

import io.palimpsest.platform.database.TestDatabases;
import java.nio.file.Path;

final class QueryLogOnPostgresIT extends QueryLogTest {
    @Override
    TestDatabases databases(Path folder) {
        return TestDatabases.postgres();
    }
}
