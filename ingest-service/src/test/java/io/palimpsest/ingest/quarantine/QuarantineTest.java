package io.palimpsest.ingest.quarantine;

import static org.assertj.core.api.Assertions.assertThat;

import io.palimpsest.contracts.error.ErrorCode;
import io.palimpsest.contracts.event.ContentReference;
import io.palimpsest.contracts.event.DocumentAccepted;
import io.palimpsest.contracts.event.DocumentExtracted;
import io.palimpsest.contracts.event.DocumentProperties;
import io.palimpsest.contracts.event.LedgerEntry;
import io.palimpsest.contracts.id.ChangeId;
import io.palimpsest.contracts.id.CollectionId;
import io.palimpsest.contracts.id.CollectionKey;
import io.palimpsest.contracts.id.ContentHash;
import io.palimpsest.contracts.id.DocumentKey;
import io.palimpsest.contracts.id.ExtractorFingerprint;
import io.palimpsest.contracts.id.PassagePolicyId;
import io.palimpsest.contracts.id.Position;
import io.palimpsest.contracts.id.TenantId;
import io.palimpsest.platform.database.Database;
import io.palimpsest.platform.database.TestDatabases;
import io.palimpsest.platform.ledger.LedgerEntries;
import io.palimpsest.platform.security.Caller;
import io.palimpsest.platform.security.Role;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@SuppressWarnings("NullAway.Init") // set before each test
class QuarantineTest {
    private static final TenantId ACME = new TenantId("acme");
    private static final String TRACE = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
    private static final String LANE = "extract.small";

    private final List<String> sent = new ArrayList<>();
    private final List<@Nullable String> traces = new ArrayList<>();
    private final List<LedgerEntry> ledger = new ArrayList<>();
    private TestDatabases databases;
    private Database database;
    private Quarantine quarantine;

    TestDatabases databases(Path folder) {
        return TestDatabases.files(folder);
    }

    @BeforeEach
    void open(@TempDir Path dir) {
        databases = databases(dir);
        database = Database.open(databases.fresh());
        quarantine = new Quarantine(
                database.sql(),
                (topic, work, traceparent) -> {
                    sent.add(work.key().document().value());
                    traces.add(traceparent);
                },
                new LedgerEntries(new byte[32]),
                ledger::add,
                Clock.systemUTC());
    }

    @AfterEach
    void close() {
        if (database != null) { // not where the test was skipped
            database.close();
            databases.close();
        }
    }

    private static Caller key(String... collections) {
        Set<CollectionId> allowed = new java.util.HashSet<>();
        for (String collection : collections) {
            allowed.add(new CollectionId(collection));
        }
        return new Caller(ACME, "ann", Set.of(), allowed, Set.of(Role.OPERATE), collections.length == 0);
    }

    private void quarantined(String collection, String document) {
        DocumentKey key = DocumentKey.of("acme", collection, document);
        ContentHash raw = ContentHash.ofText(document);
        DocumentAccepted work = new DocumentAccepted(
                key,
                1,
                ChangeId.of(key, "test", "1"),
                "test",
                new Position(0, 1),
                DocumentAccepted.Effect.CONTENT,
                1,
                ContentReference.stored(raw, 1),
                DocumentProperties.NONE,
                Instant.now(),
                Instant.now());
        quarantine.record(
                work,
                LANE,
                new DocumentExtracted(
                        key,
                        1,
                        work.changeId(),
                        DocumentExtracted.Outcome.FAILED,
                        raw,
                        1,
                        null,
                        null,
                        0,
                        null,
                        null,
                        new ExtractorFingerprint("fake-1"),
                        new PassagePolicyId("each/1"),
                        ErrorCode.EXTRACT_CORRUPT,
                        "broken",
                        1,
                        Instant.now(),
                        Instant.now()),
                TRACE);
    }

    @Test
    void anEntryTellsWhatToDo() {
        quarantined("docs", "urn:locked");
        assertThat(quarantine.list(key(), null)).singleElement().satisfies(entry -> {
            ErrorCode code = ErrorCode.ofId(entry.errorCode()).orElseThrow();
            assertThat(entry.hint()).isEqualTo(code.hint()).isNotEmpty();
        });
    }

    @Test
    void aNarrowKeySeesItsEntriesHoweverManyNewerOnesThereAreOfOthers() {
        quarantined("mine", "old");
        for (int i = 0; i < Quarantine.MAX_LISTED; i++) {
            quarantined("theirs", "new" + i);
        }
        assertThat(quarantine.list(key("mine"), null))
                .extracting(QuarantineEntry::document)
                .containsExactly("old");
        assertThat(quarantine.count(key("mine"), null)).isEqualTo(1);
        assertThat(quarantine.list(key("none"), null)).isEmpty();
        assertThat(quarantine.list(key("mine"), new CollectionKey(ACME, new CollectionId("theirs"))))
                .isEmpty();
        assertThat(quarantine.list(key(), null)).hasSize(Quarantine.MAX_LISTED);
        assertThat(quarantine.count(key(), null)).isEqualTo(Quarantine.MAX_LISTED + 1L);
    }

    @Test
    void aRetryOfAllGoesBeyondOnePageAndStaysWithinTheKeysCollections() {
        for (int i = 0; i < 2 * Quarantine.MAX_LISTED + 50; i++) {
            quarantined("mine", "d" + i);
        }
        quarantined("theirs", "not ours");
        assertThat(quarantine.retryAll(key("mine"), null)).isEqualTo(2 * Quarantine.MAX_LISTED + 50);
        assertThat(sent)
                .doesNotHaveDuplicates()
                .hasSize(2 * Quarantine.MAX_LISTED + 50)
                .doesNotContain("not ours");
        assertThat(quarantine.size()).isEqualTo(1);
        assertThat(ledger).hasSize(2 * Quarantine.MAX_LISTED + 50);
    }

    @Test
    void aRetryGoesOnWithTheTraceOfWhatFailed() {
        quarantined("mine", "traced");
        quarantine.retry(key(), Quarantine.entryId(DocumentKey.of("acme", "mine", "traced"), 1));
        assertThat(traces).containsExactly(TRACE);
    }

    @Test
    void approvedDeletesAreInTheLedgerWithoutTheFoldersName() {
        CollectionKey docs = CollectionKey.of("acme", "docs");
        quarantine.acts().approvedDeletes(key(), docs, "/home/ann/papers", 120);
        assertThat(ledger).singleElement().satisfies(entry -> {
            assertThat(entry.type()).isEqualTo(LedgerEntry.Type.DELETES_APPROVED);
            assertThat(entry.actor()).isEqualTo("key:ann");
            assertThat(entry.facts()).containsExactly(Map.entry("deletes", "120"));
            assertThat(entry.commitment()).hasSize(64);
            assertThat(entry.toString()).doesNotContain("papers");
        });
    }
}
