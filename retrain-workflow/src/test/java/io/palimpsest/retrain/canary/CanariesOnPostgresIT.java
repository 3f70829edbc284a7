package io.palimpsest.retrain.canary;

import io.palimpsest.platform.database.TestDatabases;
import java.nio.file.Path;

final class CanariesOnPostgresIT extends CanariesTest {
    @Override
    TestDatabases databases(Path directory) {
        return TestDatabases.postgres();
    }
}
