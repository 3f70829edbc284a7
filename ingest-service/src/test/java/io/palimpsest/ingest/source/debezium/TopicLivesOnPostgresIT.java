package io.palimpsest.ingest.source.debezium;

import io.palimpsest.platform.database.TestDatabases;
import java.nio.file.Path;

final class TopicLivesOnPostgresIT extends TopicLivesTest {
    @Override
    TestDatabases databases(Path folder) {
        return TestDatabases.postgres();
    }
}
