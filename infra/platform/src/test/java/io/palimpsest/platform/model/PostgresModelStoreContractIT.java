package io.palimpsest.platform.model;

import io.palimpsest.platform.database.TestDatabases;
import java.nio.file.Path;

final class PostgresModelStoreContractIT extends ModelStoreContractTest {
    @Override
    TestDatabases databases(Path inFolder) {
        return TestDatabases.postgres();
    }
}
