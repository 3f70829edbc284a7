package io.palimpsest.ingest.source.s3;

import io.palimpsest.platform.database.TestDatabases;
import io.palimpsest.testkit.engine.S3Engine;
import java.nio.file.Path;

final class S3SourceOnPostgresIT extends S3SourceIT {
    S3SourceOnPostgresIT(S3Engine engine) {
        super(engine);
    }

    @Override
    TestDatabases databases(Path folder) {
        return TestDatabases.postgres();
    }
}
