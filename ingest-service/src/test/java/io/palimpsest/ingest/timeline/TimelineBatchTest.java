package io.palimpsest.ingest.timeline;

import static org.assertj.core.api.Assertions.assertThat;

import io.palimpsest.contracts.error.ErrorCode;
import io.palimpsest.contracts.event.ChangeDropped;
import io.palimpsest.contracts.event.ChangeType;
import io.palimpsest.contracts.event.ContentReference;
import io.palimpsest.contracts.event.DocumentAccepted;
import io.palimpsest.contracts.event.DocumentChanged;
import io.palimpsest.contracts.event.DocumentExtracted;
import io.palimpsest.contracts.event.DocumentIndexed;
import io.palimpsest.contracts.event.DocumentProperties;
import io.palimpsest.contracts.id.ChangeId;
import io.palimpsest.contracts.id.CollectionId;
import io.palimpsest.contracts.id.ContentHash;
import io.palimpsest.contracts.id.DocumentKey;
import io.palimpsest.contracts.id.ExtractorFingerprint;
import io.palimpsest.contracts.id.GenerationId;
import io.palimpsest.contracts.id.ModelId;
import io.palimpsest.contracts.id.PassagePolicyId;
import io.palimpsest.contracts.id.Position;
import io.palimpsest.ingest.erase.IngestStores;
import io.palimpsest.ingest.erase.LateRecords;
import io.palimpsest.ingest.erase.RecentSuppressions;
import io.palimpsest.platform.config.DatabaseSettings;
import io.palimpsest.platform.database.Database;
import io.palimpsest.platform.database.TestDatabases;
import io.palimpsest.platform.erasure.Suppressions;
import io.palimpsest.platform.erasure.TestErasing;
import io.palimpsest.platform.security.Caller;
import java.nio.file.Path;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@SuppressWarnings("NullAway.Init") // set before each test
class TimelineBatchTest {
    private static final DocumentKey KEY = DocumentKey.of("local", "default", "urn:doc");
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
    private static final ContentReference CONTENT = ContentReference.stored(ContentHash.ofText("x"), 1);

    private static final String SUMS = """
            SELECT tenant, collection, state, COUNT(*), SUM(duplicates),
                SUM(CASE WHEN arrivals > duplicates THEN arrivals ELSE duplicates + 1 END),
                SUM(CASE WHEN arrivals > duplicates THEN arrivals - duplicates ELSE 1 END),
                SUM(CASE WHEN extracted_at IS NULL THEN 0 ELSE 1 END), SUM(embedded), SUM(reused)
            FROM document_change GROUP BY tenant, collection, state
            """;

    private TestDatabases databases;

    TestDatabases databases(Path folder) {
        return TestDatabases.files(folder);
    }

    @BeforeEach
    void open(@TempDir Path dir) {
        databases = databases(dir);
    }

    @AfterEach
    void close() {
        if (databases != null) { // not where the test was skipped
            databases.close();
        }
    }

    @Test
    void anyOrderAndAnyBatchesOfFactsGiveTheSameCounts() {
        List<Object> facts = List.of(
                changed("a"),
                accepted("a", 1),
                extracted("a", 1, DocumentExtracted.Outcome.EXTRACTED),
                changed("b"),
                accepted("b", 2),
                extracted("b", 2, DocumentExtracted.Outcome.FAILED),
                changed("c"),
                accepted("c", 3),
                extracted("c", 3, DocumentExtracted.Outcome.EXTRACTED),
                indexed("c", 3),
                changed("d"),
                dropped("d", ChangeDropped.Reason.STALE),
                changed("c"),
                dropped("c", ChangeDropped.Reason.DUPLICATE));
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int round = 0; round < 20; round++) {
            List<Object> shuffled = new ArrayList<>(facts);
            Collections.shuffle(shuffled, random);
            FlowStatus.Counts counts = project(shuffled, random);
            assertThat(counts.received()).as("seed %d: %s", seed, counts).isEqualTo(5);
            assertThat(counts.superseded()).as("seed %d: %s", seed, counts).isEqualTo(1);
            assertThat(counts.quarantined()).as("seed %d: %s", seed, counts).isEqualTo(1);
            assertThat(counts.indexed()).as("seed %d: %s", seed, counts).isEqualTo(1);
            assertThat(counts.stale()).as("seed %d: %s", seed, counts).isEqualTo(1);
            assertThat(counts.duplicates()).as("seed %d: %s", seed, counts).isEqualTo(1);
            assertThat(counts.inFlight().all()).as("seed %d: %s", seed, counts).isZero();
        }
    }

    @Test
    void theSourceOfADeleteThatNamesNoneIsTheGatesInAnyOrder() {
        DocumentChanged changed = new DocumentChanged(
                id("d"),
                KEY,
                DocumentChanged.UNNAMED_SOURCE,
                "d",
                ChangeType.DELETED,
                null,
                null,
                DocumentProperties.NONE,
                null,
                NOW);
        List<Object> facts = List.of(changed, accepted("d", 1));
        for (List<Object> order : List.of(facts, facts.reversed())) {
            try (Database database = Database.open(databases.fresh())) {
                for (Object fact : order) {
                    database.sql().inTransaction(transaction -> {
                        new TimelineBatch(transaction).apply(List.of(fact));
                        return 0;
                    });
                }
                assertThat(database.sql().query("SELECT source FROM document_change", row -> row.getString(1)))
                        .containsExactly("/s");
            }
        }
    }

    /** Law 13: a topic may lag behind the others. */
    @Test
    void factsThatComeAfterAnErasureNameTheDocumentNoMore() {
        DatabaseSettings some = databases.fresh();
        DatabaseSettings oneConnection = new DatabaseSettings( // one that has the turn must not wait for another
                some.url(), some.user(), some.password(), 1, some.busyTimeout(), some.sync());
        try (Database database = Database.open(oneConnection)) {
            Suppressions suppressions = new Suppressions(database.sql(), new byte[32], () -> NOW);
            AtomicLong nanos = new AtomicLong();
            LateRecords late = new LateRecords(
                    database.sql(),
                    suppressions,
                    new RecentSuppressions(suppressions, () -> nanos.addAndGet(2_000_000_000)));
            suppressions.add(KEY, "e1");
            apply(database, late, DocumentChanged.ofErasure("e1", KEY, NOW));
            assertThat(named(database))
                    .as("what is in flight is waited for by its name")
                    .isEqualTo(2);

            assertThat(IngestStores.timeline(database.sql()).erase(TestErasing.of("e1", KEY, 1, new HashMap<>())))
                    .isEqualTo(2);
            apply(database, late, changed("a"), dropped("a", ChangeDropped.Reason.SUPPRESSED));
            apply(database, late, extracted("b", 2, DocumentExtracted.Outcome.FAILED));
            apply(database, late, indexed("c", 3));

            assertThat(named(database)).isZero();
            assertThat(database.sql().query("SELECT change_id FROM document_change", row -> row.getString(1)))
                    .as("changes stay, so that counts add up")
                    .hasSize(4);
        }
    }

    private static void apply(Database database, LateRecords late, Object... facts) {
        database.sql().inTransaction(transaction -> {
            TimelineBatch batch = new TimelineBatch(transaction);
            batch.apply(List.of(facts));
            return late.removeAll(transaction, batch.documents());
        });
    }

    private static long named(Database database) {
        return Stream.of("document", "document_change")
                .mapToLong(table -> database.sql()
                        .first(
                                "SELECT COUNT(*) FROM " + table + " WHERE document_key = ? OR document_id = ?",
                                row -> row.getLong(1),
                                KEY.toString(),
                                KEY.document().value())
                        .orElse(0L))
                .sum();
    }

    @Test
    void theTimeThatACollectionNeedsIsToldFromItsOwnPace() {
        DocumentKey fast = DocumentKey.of("local", "fast", "urn:doc");
        DocumentKey secret = DocumentKey.of("local", "secret", "urn:doc");
        try (Database database = Database.open(databases.fresh())) {
            database.sql().inTransaction(transaction -> {
                new TimelineBatch(transaction)
                        .apply(List.of(
                                accepted(KEY, "stuck", 1),
                                accepted(fast, "ended", 1),
                                indexed(fast, "ended", 1),
                                accepted(fast, "next", 2),
                                accepted(secret, "ended elsewhere", 1),
                                indexed(secret, "ended elsewhere", 1)));
                return 0;
            });
            FlowStatus status = new FlowStatus(database.sql(), Clock.fixed(NOW.plusSeconds(1), ZoneOffset.UTC), NOW);
            Set<CollectionId> allowed = Set.of(KEY.collection(), fast.collection());

            FlowStatus.Status told = status.of(new Caller(KEY.tenant(), "test", Set.of(), allowed, Set.of(), false));
            assertThat(Objects.requireNonNull(told.collections().get("fast")).etaMs())
                    .isEqualTo(1_000);
            assertThat(Objects.requireNonNull(told.collections().get("default")).etaMs())
                    .isNull();
            assertThat(told.total().etaMs()).isEqualTo(2_000);
        }
    }

    private FlowStatus.Counts project(List<Object> facts, Random random) {
        try (Database database = Database.open(databases.fresh())) {
            for (int from = 0; from < facts.size(); ) {
                int to = Math.min(facts.size(), from + 1 + random.nextInt(4));
                List<Object> batch = facts.subList(from, to);
                database.sql().inTransaction(transaction -> {
                    new TimelineBatch(transaction).apply(batch);
                    return to;
                });
                from = to;
            }
            assertThat(counted(database, "SELECT * FROM change_count WHERE changes <> 0 OR arrivals <> 0"))
                    .isEqualTo(counted(database, SUMS));
            Caller caller = new Caller(KEY.tenant(), "test", Set.of(), Set.of(), Set.of(), true);
            return new FlowStatus(database.sql(), Clock.systemUTC()).of(caller).total();
        }
    }

    private static Map<String, List<Long>> counted(Database database, String sums) {
        Map<String, List<Long>> counts = new TreeMap<>();
        for (Map.Entry<String, List<Long>> row : database.sql().query(sums, TimelineBatchTest::count)) {
            counts.put(row.getKey(), row.getValue());
        }
        return counts;
    }

    private static Map.Entry<String, List<Long>> count(ResultSet row) throws SQLException {
        List<Long> numbers = new ArrayList<>();
        for (int column = 4; column <= 10; column++) {
            numbers.add(row.getLong(column));
        }
        return Map.entry(row.getString("state"), numbers);
    }

    private static ChangeId id(String name) {
        return new ChangeId("change-" + name);
    }

    private static DocumentChanged changed(String name) {
        return new DocumentChanged(
                id(name), KEY, "/s", name, ChangeType.UPDATED, null, CONTENT, DocumentProperties.NONE, null, NOW);
    }

    private static DocumentAccepted accepted(String name, long version) {
        return accepted(KEY, name, version);
    }

    private static DocumentAccepted accepted(DocumentKey key, String name, long version) {
        return new DocumentAccepted(
                key,
                version,
                id(name),
                "/s",
                new Position(0, version),
                DocumentAccepted.Effect.CONTENT,
                version,
                CONTENT,
                DocumentProperties.NONE,
                NOW,
                NOW);
    }

    private static ChangeDropped dropped(String name, ChangeDropped.Reason reason) {
        return new ChangeDropped(KEY, id(name), "/s", ChangeType.UPDATED, null, reason, NOW, NOW);
    }

    private static DocumentExtracted extracted(String name, long version, DocumentExtracted.Outcome outcome) {
        boolean failed = outcome == DocumentExtracted.Outcome.FAILED;
        return new DocumentExtracted(
                KEY,
                version,
                id(name),
                outcome,
                null,
                0,
                null,
                null,
                0,
                null,
                null,
                new ExtractorFingerprint("test"),
                new PassagePolicyId("test"),
                failed ? ErrorCode.EXTRACT_TIMEOUT : null,
                failed ? "too slow" : null,
                1,
                NOW,
                NOW);
    }

    private static DocumentIndexed indexed(String name, long version) {
        return indexed(KEY, name, version);
    }

    private static DocumentIndexed indexed(DocumentKey key, String name, long version) {
        return new DocumentIndexed(
                key,
                new GenerationId("g1"),
                new ModelId("m"),
                1,
                version,
                id(name),
                "/s",
                true,
                1,
                1,
                0,
                NOW,
                NOW,
                null);
    }
}
