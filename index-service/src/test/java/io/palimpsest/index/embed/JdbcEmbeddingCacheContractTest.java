package io.palimpsest.index.embed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.palimpsest.contracts.error.ErrorCode;
import io.palimpsest.contracts.error.PalimpsestException;
import io.palimpsest.platform.config.DatabaseSettings;
import io.palimpsest.platform.database.Database;
import io.palimpsest.platform.database.TestDatabases;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@SuppressWarnings("NullAway.Init") // set before each test
class JdbcEmbeddingCacheContractTest extends EmbeddingCacheContract {
    @TempDir
    private Path directory;

    private TestDatabases databases;
    private DatabaseSettings settings;
    private Database database;

    TestDatabases databases(Path folder) {
        return TestDatabases.files(folder);
    }

    @BeforeEach
    void open() {
        databases = databases(directory);
        settings = databases.fresh();
        database = Database.open(settings);
    }

    @AfterEach
    void close() {
        if (database != null) { // not where the test was skipped
            database.close();
            databases.close();
        }
    }

    @Override
    EmbeddingCache cache() {
        return new JdbcEmbeddingCache(database.sql());
    }

    @Test
    void vectorsOutliveTheProcess() {
        cache().put(MODEL, Map.of(A, new float[] {0.5f}));
        database.close();
        database = Database.open(settings);

        assertThat(cache().find(MODEL, Set.of(A)).get(A)).containsExactly(0.5f);
    }

    @Test
    void missingTableIsDatabaseError() {
        database.sql().update("DROP TABLE embedding_cache");

        for (Runnable call : new Runnable[] {
            () -> cache().find(MODEL, Set.of(A)), () -> cache().put(MODEL, Map.of(A, new float[] {1}))
        }) {
            assertThatThrownBy(call::run)
                    .isInstanceOfSatisfying(
                            PalimpsestException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.DATABASE_FAILED));
        }
    }

    @Test
    void vectorIsStoredAsLittleEndianFloats() {
        assertThat(HexFormat.of().formatHex(JdbcEmbeddingCache.encode(new float[] {1f, -2.5f})))
                .isEqualTo("0000803f000020c0");
    }
}
