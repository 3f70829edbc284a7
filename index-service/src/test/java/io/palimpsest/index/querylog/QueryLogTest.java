package io.palimpsest.index.querylog;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import io.palimpsest.index.search.Corpus;
import io.palimpsest.index.search.SearchRequest;
import io.palimpsest.index.search.SearchResponse;
import io.palimpsest.platform.content.MasterKey;
import io.palimpsest.platform.database.Sql;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class QueryLogTest {
    @TempDir
    @SuppressWarnings("NullAway.Init") // set before each test
    Path folder;

    private final HikariDataSource source = new HikariDataSource();

    /** Connections that are still being opened would write into a folder that is being removed. */
    @AfterEach
    void close() {
        source.close();
    }

    private Sql sql() throws Exception {
        source.setJdbcUrl("jdbc:sqlite:" + folder.resolve("q.db"));
        Sql sql = new Sql(source);
        try (var script = QueryLogTest.class.getResourceAsStream("/db/migration/V4__query_log.sql")) {
            for (String statement : new String(
                            java.util.Objects.requireNonNull(script).readAllBytes(), StandardCharsets.UTF_8)
                    .split(";")) {
                if (!statement.isBlank()) {
                    sql.update(statement);
                }
            }
        }
        return sql;
    }

    @Test
    void whatReproducesAQueryIsThereAndItsTextIsSealed() throws Exception {
        Corpus corpus = new Corpus();
        corpus.add("a", "Refunds take five days.");
        SearchResponse response =
                corpus.search().search(Corpus.caller("ann"), Corpus.COLLECTION, SearchRequest.of("refunds secretword"));
        Sql sql = sql();
        TinkQueryCipher cipher = new TinkQueryCipher(MasterKey.ensure(folder.resolve("key.json")));
        try (QueryLog log = new QueryLog(sql, cipher, Duration.ofDays(1), 10, Clock.systemUTC())) {
            corpus.log.forEach(log::offer);
        }
        try (QueryLog log = new QueryLog(sql, cipher, Duration.ofDays(1), 10, Clock.systemUTC())) {
            assertThat(log.find(response.queryId())).contains(corpus.log.getFirst());
            assertThat(log.dropped()).isZero();
        }
        assertThat(sql.query("SELECT * FROM query_log", row -> row.getString("sealed") + row.getString("tenant")))
                .singleElement()
                .asString()
                .doesNotContain("secretword", "ann");
    }

    @Test
    void lostRecordsAreCounted() throws Exception {
        Corpus corpus = new Corpus();
        corpus.add("a", "Refunds take five days.");
        corpus.search().search(Corpus.caller("ann"), Corpus.COLLECTION, SearchRequest.of("refunds"));
        TinkQueryCipher cipher = new TinkQueryCipher(MasterKey.ensure(folder.resolve("key.json")));
        QueryLog log = new QueryLog(sql(), cipher, Duration.ofDays(1), 1, Clock.systemUTC());
        log.close();
        log.offer(corpus.log.getFirst());

        assertThat(log.dropped()).isEqualTo(1);
    }
}
