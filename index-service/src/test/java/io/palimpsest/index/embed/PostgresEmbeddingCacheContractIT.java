package io.palimpsest.index.embed;

import io.palimpsest.platform.database.TestDatabases;
import java.nio.file.Path;

final class PostgresEmbeddingCacheContractIT extends JdbcEmbeddingCacheContractTest {
    @Override
    TestDatabases databases(Path folder) {
        return TestDatabases.postgres();
    }
}
