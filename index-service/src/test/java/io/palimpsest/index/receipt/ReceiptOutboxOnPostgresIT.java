package io.palimpsest.index.receipt;

import io.palimpsest.platform.database.TestDatabases;
import java.nio.file.Path;

final class ReceiptOutboxOnPostgresIT extends ReceiptOutboxTest {
    @Override
    TestDatabases databases(Path folder) {
        return TestDatabases.postgres();
    }
}
