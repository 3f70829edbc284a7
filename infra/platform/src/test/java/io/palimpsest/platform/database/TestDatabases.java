package io.palimpsest.platform.database;

import io.palimpsest.platform.config.DatabaseSettings;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;

/** Where the databases of a test are, so that the same tests run on each engine. */
public interface TestDatabases extends AutoCloseable {
    /** An empty one; each call another. */
    DatabaseSettings fresh();

    /** Nothing of them may be open any more. */
    @Override
    default void close() {}

    /** SQLite. */
    static TestDatabases files(Path directory) {
        AtomicInteger count = new AtomicInteger();
        return () -> DatabaseSettings.inFile(directory.resolve("test-" + count.incrementAndGet() + ".db"));
    }

    /** Schemas of a server; the test is skipped where there is none, see {@link TestPostgres}. */
    static TestDatabases postgres() {
        return new TestSchemas(TestPostgres.server());
    }
}
