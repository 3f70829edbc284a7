package io.palimpsest.retrain.judgement;

import io.palimpsest.platform.database.TestDatabases;
import java.nio.file.Path;

final class JudgementsOnPostgresIT extends JudgementsTest {
    @Override
    TestDatabases databases(Path directory) {
        return TestDatabases.postgres();
    }
}
