package io.palimpsest.retrain.drift;

import io.palimpsest.platform.database.TestDatabases;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

class DriftStoreTest extends DriftStoreContract {
    @TempDir
    static Path directory;

    @Override
    TestDatabases databases() {
        return TestDatabases.files(directory);
    }
}
