package io.palimpsest.platform.content;

import io.palimpsest.platform.config.DatabaseSettings;
import io.palimpsest.platform.database.Database;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

final class FileContentStoreContractTest extends ContentStoreContract {
    @TempDir
    private Path folder;

    private Database database;
    private FileContentStore store;

    @BeforeEach
    void open() {
        database = Database.open(DatabaseSettings.inFile(folder.resolve("test.db")));
        DocumentKeys keys = new DocumentKeys(database.dataSource(), MasterKey.ensure(folder.resolve("master.key")));
        store = new FileContentStore(folder.resolve("content"), keys);
    }

    @AfterEach
    void close() {
        database.close();
    }

    @Override
    protected ContentStore store() {
        return store;
    }
}
