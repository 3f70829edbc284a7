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
import java.util.Set;
import java.util.stream.Collectors;
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
        try (QueryLog log = log(rows, Set.of())) {
            corpus.log.forEach(log::offer);
        }
        try (QueryLog log = log(rows, Set.of())) {
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
    void whatShowsADocumentThatWasErasedMeanwhileDoesNotStay() throws Exception {
        Corpus one = new Corpus();
        DocumentKey erased = one.add("a", "Refunds take five days.").key();
        String gone = one.search()
                .search(Corpus.caller("ann"), Corpus.COLLECTION, SearchRequest.of("refunds"))
                .queryId();
        Corpus other = new Corpus();
        other.add("b", "Refunds take two days.");
        String stays = other.search()
                .search(Corpus.caller("ann"), Corpus.COLLECTION, SearchRequest.of("refunds"))
                .queryId();
        TinkQueryCipher cipher = new TinkQueryCipher(MasterKey.ensure(folder.resolve("key.json")));
        QueryRows rows = new QueryRows(database.sql(), cipher, DocumentKey::toString);
        try (QueryLog log = log(rows, Set.of(erased))) {
            one.log.forEach(log::offer);
            other.log.forEach(log::offer);
        }
        assertThat(rows.find(Corpus.COLLECTION, gone)).isEmpty();
        assertThat(rows.find(Corpus.COLLECTION, stays)).isPresent();
        assertThat(database.sql().query("SELECT query_id FROM query_citation", row -> row.getString(1)))
                .containsOnly(stays);
    }

    private static QueryLog log(QueryRows rows, Set<DocumentKey> erased) {
        return new QueryLog(
                rows,
                documents -> documents.stream().filter(erased::contains).collect(Collectors.toSet()),
                QueryLog.Beside.NOTHING,
                Duration.ofDays(1),
                10,
                Clock.systemUTC());
    }

    @Test
    void lostRecordsAreCounted() throws Exception {
        Corpus corpus = new Corpus();
        corpus.add("a", "Refunds take five days.");
        corpus.search().search(Corpus.caller("ann"), Corpus.COLLECTION, SearchRequest.of("refunds"));
        TinkQueryCipher cipher = new TinkQueryCipher(MasterKey.ensure(folder.resolve("key.json")));
        QueryLog log = new QueryLog(
                new QueryRows(database.sql(), cipher, DocumentKey::toString),
                documents -> Set.of(),
                QueryLog.Beside.NOTHING,
                Duration.ofDays(1),
                1,
                Clock.systemUTC());
        log.close();
        log.offer(corpus.log.getFirst());

        assertThat(log.dropped()).isEqualTo(1);
    }
}
