package io.palimpsest.index.embed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.palimpsest.contracts.error.ErrorCode;
import io.palimpsest.contracts.error.PalimpsestException;
import io.palimpsest.platform.database.Sql;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HexFormat;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JdbcEmbeddingCacheContractTest extends EmbeddingCacheContract {
    @TempDir
    private Path directory;

    private HikariDataSource database;

    @BeforeEach
    void open() throws SQLException, IOException {
        database = connect();
        execute(migration());
    }

    @AfterEach
    void close() {
        database.close();
    }

    @Override
    EmbeddingCache cache() {
        return new JdbcEmbeddingCache(new Sql(database));
    }

    @Test
    void vectorsOutliveTheProcess() {
        cache().put(MODEL, Map.of(A, new float[] {0.5f}));
        database.close();
        database = connect();

        assertThat(cache().find(MODEL, Set.of(A)).get(A)).containsExactly(0.5f);
    }

    @Test
    void missingTableIsDatabaseError() throws SQLException {
        execute("DROP TABLE embedding_cache");

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

    private HikariDataSource connect() {
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl("jdbc:sqlite:" + directory.resolve("cache.db"));
        config.setMaximumPoolSize(2);
        return new HikariDataSource(config);
    }

    private void execute(String sql) throws SQLException {
        try (Connection connection = database.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private static String migration() throws IOException {
        try (InputStream in = JdbcEmbeddingCache.class.getResourceAsStream("/db/migration/V2__embedding_cache.sql")) {
            return new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
