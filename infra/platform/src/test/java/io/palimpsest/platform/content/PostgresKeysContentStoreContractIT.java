package io.palimpsest.platform.content;

import io.palimpsest.platform.database.Database;
import io.palimpsest.platform.database.TestDatabases;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** Content in files, its keys in PostgreSQL. */
final class PostgresKeysContentStoreContractIT extends ContentStoreContract {
    @TempDir
    private Path folder;

    private TestDatabases databases;
    private Database database;
    private FileContentStore store;

    @BeforeEach
    void open() {
        databases = TestDatabases.postgres();
        database = Database.open(databases.fresh());
        DocumentKeys keys = new DocumentKeys(database.sql(), MasterKey.ensure(folder.resolve("master.key")));
        store = new FileContentStore(folder.resolve("content"), keys);
    }

    @AfterEach
    void close() {
        if (database != null) { // not where the test was skipped
            database.close();
            databases.close();
        }
    }

    @Override
    protected ContentStore store() {
        return store;
    }
}
