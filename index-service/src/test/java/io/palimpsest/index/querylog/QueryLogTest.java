package io.palimpsest.index.querylog;

import static org.assertj.core.api.Assertions.assertThat;

import io.palimpsest.contracts.id.DocumentKey;
import io.palimpsest.index.search.Corpus;
import io.palimpsest.index.search.SearchRequest;
import io.palimpsest.index.search.SearchResponse;
import io.palimpsest.platform.content.MasterKey;
import io.palimpsest.platform.database.Database;
import io.palimpsest.platform.database.Sql;
import io.palimpsest.platform.database.TestDatabases;
import io.palimpsest.platform.querylog.LoggedQueries;
import io.palimpsest.platform.querylog.LoggedQuery;
import io.palimpsest.platform.querylog.TinkQueryCipher;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@SuppressWarnings("NullAway.Init") // set before each test
class QueryLogTest {
    @TempDir
    Path folder;

    private TestDatabases databases;
    private Database database;

    TestDatabases databases(Path directory) {
        return TestDatabases.files(directory);
    }

    @BeforeEach
    void open() {
        databases = databases(folder);
        database = Database.open(databases.fresh());
    }

    @AfterEach
    void close() {
        if (database != null) { // not where the test was skipped
            database.close();
            databases.close();
        }
    }

    @Test
    void whatReproducesAQueryIsThereAndItsTextIsSealed() throws Exception {
        Corpus corpus = new Corpus();
        corpus.add("a", "Refunds take five days.");
        SearchResponse response = corpus.search()
                .search(Corpus.caller("ann of acme"), Corpus.COLLECTION, SearchRequest.of("refunds secretword"));
        Sql sql = database.sql();
        TinkQueryCipher cipher = new TinkQueryCipher(MasterKey.ensure(folder.resolve("key.json")));
        QueryRows rows = new QueryRows(sql, cipher, DocumentKey::toString);
        try (QueryLog log = new QueryLog(rows, QueryLog.Beside.NOTHING, Duration.ofDays(1), 10, Clock.systemUTC())) {
            corpus.log.forEach(log::offer);
        }
        try (QueryLog log = new QueryLog(rows, QueryLog.Beside.NOTHING, Duration.ofDays(1), 10, Clock.systemUTC())) {
            assertThat(rows.find(Corpus.COLLECTION, response.queryId())).contains(corpus.log.getFirst());
            assertThat(log.dropped()).isZero();
        }
        LoggedQuery read =
                new LoggedQueries(sql, cipher).find(response.queryId()).orElseThrow();
        assertThat(read.request().query()).isEqualTo("refunds secretword");
        assertThat(read.shown()).isEqualTo(corpus.log.getFirst().shown()).isNotEmpty();
        assertThat(read.wasAsked()).isTrue();
        assertThat(new LoggedQueries(sql, cipher).since(Corpus.COLLECTION, Instant.EPOCH, 10))
                .containsExactly(read);
        assertThat(sql.query("SELECT * FROM query_log", row -> row.getString("sealed") + row.getString("tenant")))
                .singleElement()
                .asString()
                .doesNotContain("secretword", "ann of acme"); // three letters alone stand in base64 by chance
    }

    @Test
    void lostRecordsAreCounted() throws Exception {
        Corpus corpus = new Corpus();
        corpus.add("a", "Refunds take five days.");
        corpus.search().search(Corpus.caller("ann"), Corpus.COLLECTION, SearchRequest.of("refunds"));
        TinkQueryCipher cipher = new TinkQueryCipher(MasterKey.ensure(folder.resolve("key.json")));
        QueryLog log = new QueryLog(
                new QueryRows(database.sql(), cipher, DocumentKey::toString),
                QueryLog.Beside.NOTHING,
                Duration.ofDays(1),
                1,
                Clock.systemUTC());
        log.close();
        log.offer(corpus.log.getFirst());

        assertThat(log.dropped()).isEqualTo(1);
    }
}
