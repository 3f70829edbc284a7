package io.palimpsest.platform.content;

import io.palimpsest.platform.config.Settings;
import io.palimpsest.platform.database.Database;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** As {@code content.sync} makes it. */
final class SyncedContentStoreContractTest extends ContentStoreContract {
    @TempDir
    private Path folder;

    private Database database;
    private FileContentStore store;

    @BeforeEach
    void open() {
        database = Database.open(Settings.load(Map.of("data.dir", folder.toString(), "content.sync", "true"))
                .database());
        DocumentKeys keys = new DocumentKeys(database.dataSource(), MasterKey.ensure(folder.resolve("master.key")));
        store = new FileContentStore(folder.resolve("content"), keys, FileContentStore.Durability.POWER);
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
