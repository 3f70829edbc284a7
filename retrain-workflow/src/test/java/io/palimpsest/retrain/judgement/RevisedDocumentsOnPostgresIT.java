package io.palimpsest.retrain.judgement;

import io.palimpsest.platform.database.TestDatabases;
import java.nio.file.Path;

final class RevisedDocumentsOnPostgresIT extends RevisedDocumentsTest {
    @Override
    TestDatabases databases(Path directory) {
        return TestDatabases.postgres();
    }
}
