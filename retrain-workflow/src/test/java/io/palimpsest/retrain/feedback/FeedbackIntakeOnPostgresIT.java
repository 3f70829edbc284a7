package io.palimpsest.retrain.feedback;

import io.palimpsest.platform.database.TestDatabases;
import java.nio.file.Path;

final class FeedbackIntakeOnPostgresIT extends FeedbackIntakeTest {
    @Override
    TestDatabases databases(Path directory) {
        return TestDatabases.postgres();
    }
}
