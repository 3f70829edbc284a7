package io.palimpsest.platform.registry;

import io.palimpsest.platform.database.TestDatabases;
import java.nio.file.Path;

final class RegistryOnPostgresIT extends RegistryTest {
    @Override
    TestDatabases databases(Path inFolder) {
        return TestDatabases.postgres();
    }
}
