package io.palimpsest.index.generation;

import io.palimpsest.platform.database.TestDatabases;
import java.nio.file.Path;

final class GenerationsOnPostgresIT extends GenerationsTest {
    @Override
    TestDatabases databases(Path in) {
        return TestDatabases.postgres();
    }
}
