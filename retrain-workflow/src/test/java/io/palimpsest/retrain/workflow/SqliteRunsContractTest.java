package io.palimpsest.retrain.workflow;

import io.palimpsest.platform.database.TestDatabases;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

final class SqliteRunsContractTest extends RunsContract {
    @TempDir
    private Path folder;

    @Override
    TestDatabases databases() {
        return TestDatabases.files(folder);
    }
}
