package io.palimpsest.index.receipt;

import static org.assertj.core.api.Assertions.assertThat;

import io.palimpsest.contracts.event.LedgerEntry;
import io.palimpsest.contracts.id.DocumentKey;
import io.palimpsest.index.querylog.QueryLog;
import io.palimpsest.index.querylog.QueryRecord;
import io.palimpsest.index.querylog.QueryRows;
import io.palimpsest.index.search.Corpus;
import io.palimpsest.index.search.SearchRequest;
import io.palimpsest.platform.content.MasterKey;
import io.palimpsest.platform.database.Database;
import io.palimpsest.platform.database.TestDatabases;
import io.palimpsest.platform.ledger.LedgerDelivery;
import io.palimpsest.platform.ledger.LedgerEntries;
import io.palimpsest.platform.querylog.TinkQueryCipher;
import io.palimpsest.platform.retry.Condition;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@SuppressWarnings("NullAway.Init") // set before each test
class ReceiptOutboxTest {
    @TempDir
    Path folder;

    private final Receipts receipts = new Receipts(new LedgerEntries(new byte[32]));
    private final List<LedgerEntry> arrived = new CopyOnWriteArrayList<>();
    private final AtomicBoolean away = new AtomicBoolean();
    private final LedgerDelivery delivery = entries -> !away.get() && arrived.addAll(entries);
    private TestDatabases databases;
    private Database database;
    private QueryRows rows;

    @BeforeEach
    void open() {
        databases = databases(folder);
        database = Database.open(databases.fresh());
        rows = new QueryRows(
                database.sql(),
                new TinkQueryCipher(MasterKey.ensure(folder.resolve("key.json"))),
                DocumentKey::toString);
    }

    @AfterEach
    void close() {
        if (database != null) { // not where the test was skipped
            database.close();
            databases.close();
        }
    }

    TestDatabases databases(Path directory) {
        return TestDatabases.files(directory);
    }

    @Test
    void whatIsLoggedIsToldOnceAndFoundAgain() throws Exception {
        List<QueryRecord> asked = asked(3);
        run(asked);
        assertThat(entries()).hasSize(3);
        for (QueryRecord each : asked) {
            QueryRows.FoundReceipt found =
                    rows.receipt(Corpus.COLLECTION, each.queryId()).orElseThrow();
            assertThat(found.told()).isTrue();
            assertThat(arrived).contains(receipts.entry(found.kept()));
        }
        run(List.of());
        assertThat(entries()).as("after a restart").hasSize(3);
    }

    /** What the ledger makes of what arrived: an entry that comes twice is one. */
    private Set<String> entries() {
        return arrived.stream().map(LedgerEntry::entryId).collect(Collectors.toSet());
    }

    @Test
    void whatKafkaDidNotTakeIsToldByTheNextProcessAsTheSameEntries() throws Exception {
        away.set(true);
        List<QueryRecord> asked = asked(2);
        run(asked);
        assertThat(arrived).isEmpty();
        assertThat(rows.untold(Instant.now().plusSeconds(1), 10)).hasSize(2);
        assertThat(rows.receipt(Corpus.COLLECTION, asked.getFirst().queryId()))
                .get()
                .extracting(QueryRows.FoundReceipt::told)
                .isEqualTo(false);
        away.set(false);
        run(List.of());
        assertThat(arrived)
                .extracting(LedgerEntry::entryId)
                .containsExactlyInAnyOrderElementsOf(rows(asked).stream()
                        .map(kept -> receipts.entry(kept).entryId())
                        .toList());
        assertThat(rows.untold(Instant.now().plusSeconds(1), 10)).isEmpty();
    }

    @Test
    void documentsAreFoundInWhatCitedThemUntilTheQueryIsForgotten() throws Exception {
        List<QueryRecord> asked = asked(2);
        run(asked);
        DocumentKey document = DocumentKey.of(Corpus.COLLECTION, "a");
        Instant later = Instant.now().plusSeconds(10);
        assertThat(rows.citing(document, later, 10))
                .extracting(QueryRows.Citing::queryId)
                .containsExactlyInAnyOrder(asked.get(0).queryId(), asked.get(1).queryId());
        assertThat(rows.citing(DocumentKey.of(Corpus.COLLECTION, "never"), later, 10))
                .isEmpty();
        database.sql()
                .update(
                        "DELETE FROM query_log WHERE query_id = ?",
                        asked.getFirst().queryId());
        assertThat(rows.citing(document, later, 10)).hasSize(1);
        assertThat(rows.receipt(Corpus.COLLECTION, asked.getFirst().queryId())).isEmpty();
        assertThat(database.sql().query("SELECT * FROM query_citation", row -> row.getString("query_id")))
                .hasSize(1);
    }

    @Test
    void noReceiptIsReadableInTheDatabase() throws Exception {
        run(asked(1));
        assertThat(database.sql().query("SELECT receipt FROM query_log", row -> row.getString(1)))
                .singleElement()
                .asString()
                .isNotEmpty()
                .doesNotContain("passages", "refunds");
    }

    private List<KeptReceipt> rows(List<QueryRecord> asked) {
        return asked.stream()
                .map(each -> rows.receipt(Corpus.COLLECTION, each.queryId())
                        .orElseThrow()
                        .kept())
                .toList();
    }

    /** From start to end of a process. */
    private void run(List<QueryRecord> asked) throws Exception {
        ReceiptOutbox outbox = new ReceiptOutbox(rows, receipts, delivery, Duration.ofSeconds(-1), Clock.systemUTC());
        QueryLog log = new QueryLog(
                rows,
                documents -> Set.of(),
                new QueryLog.Beside(receipts::of, outbox::offer),
                Duration.ofDays(1),
                10,
                Clock.systemUTC());
        asked.forEach(log::offer);
        log.close();
        if (!away.get()) {
            Condition.await(
                    () -> rows.untold(Instant.now().plusSeconds(1), 1).isEmpty(),
                    Duration.ofSeconds(10),
                    Duration.ofMillis(20));
        }
        outbox.close();
    }

    private static List<QueryRecord> asked(int queries) {
        Corpus corpus = new Corpus();
        corpus.add("a", "Refunds take five days.\n\nRefunds are good.");
        for (int i = 0; i < queries; i++) {
            corpus.search().search(Corpus.caller("ann"), Corpus.COLLECTION, SearchRequest.of("refunds"));
        }
        assertThat(Set.copyOf(corpus.log)).hasSize(queries);
        return List.copyOf(corpus.log);
    }
}
