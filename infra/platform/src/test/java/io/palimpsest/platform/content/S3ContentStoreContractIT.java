package io.palimpsest.platform.content;

import io.palimpsest.platform.config.DatabaseSettings;
import io.palimpsest.platform.database.Database;
import io.palimpsest.testkit.engine.EngineKind;
import io.palimpsest.testkit.engine.NeedsEngine;
import io.palimpsest.testkit.engine.S3Engine;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

@NeedsEngine(EngineKind.S3)
final class S3ContentStoreContractIT extends ContentStoreContract {
    @TempDir
    private Path folder;

    private final TestBucket bucket;
    private Database database;
    private S3ContentStore store;

    S3ContentStoreContractIT(S3Engine engine) {
        bucket = new TestBucket(engine);
    }

    @BeforeEach
    void open() {
        database = Database.open(DatabaseSettings.inFile(folder.resolve("test.db")));
        store = S3ContentStore.open(
                bucket.settings(), new DocumentKeys(database.sql(), MasterKey.ensure(folder.resolve("master.key"))));
    }

    @AfterEach
    void close() {
        store.close();
        database.close();
        bucket.close();
    }

    @Override
    protected ContentStore store() {
        return store;
    }
}
