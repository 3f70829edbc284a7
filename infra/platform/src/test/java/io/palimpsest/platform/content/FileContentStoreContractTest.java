package io.palimpsest.platform.content;

import io.palimpsest.platform.config.DatabaseSettings;
import io.palimpsest.platform.database.Database;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

class FileContentStoreContractTest extends ContentStoreContract {
    @TempDir
    private Path folder;

    private Database database;
    private FileContentStore store;

    @BeforeEach
    void open() {
        database = Database.open(database(folder));
        DocumentKeys keys = new DocumentKeys(database.sql(), MasterKey.ensure(folder.resolve("master.key")));
        store = new FileContentStore(folder.resolve("content"), keys, durability());
    }

    DatabaseSettings database(Path inFolder) {
        return DatabaseSettings.inFile(inFolder.resolve("test.db"));
    }

    FileContentStore.Durability durability() {
        return FileContentStore.Durability.PROCESS;
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
