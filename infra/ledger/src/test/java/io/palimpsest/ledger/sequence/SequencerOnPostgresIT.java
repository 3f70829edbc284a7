package io.palimpsest.ledger.sequence;

import io.palimpsest.platform.database.TestDatabases;
import java.nio.file.Path;

final class SequencerOnPostgresIT extends SequencerTest {
    @Override
    TestDatabases databases(Path files) {
        return TestDatabases.postgres();
    }
}
