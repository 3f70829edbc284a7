package io.palimpsest.ledger.sequence;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.palimpsest.contracts.error.ErrorCode;
import io.palimpsest.contracts.error.PalimpsestException;
import io.palimpsest.contracts.event.LedgerEntry;
import io.palimpsest.contracts.id.CollectionId;
import io.palimpsest.contracts.id.CollectionKey;
import io.palimpsest.contracts.id.DocumentKey;
import io.palimpsest.contracts.id.TenantId;
import io.palimpsest.ledger.evidence.Evidence;
import io.palimpsest.ledger.log.TransparencyLog;
import io.palimpsest.ledger.registry.LiveHistory;
import io.palimpsest.platform.database.Database;
import io.palimpsest.platform.database.TestDatabases;
import io.palimpsest.platform.ledger.LedgerEntries;
import io.palimpsest.platform.registry.RegistryTables;
import io.palimpsest.platform.security.LocalKey;
import io.palimpsest.verifier.merkle.Hash;
import io.palimpsest.verifier.note.KeyType;
import io.palimpsest.verifier.note.NoteSigner;
import io.palimpsest.verifier.pack.EvidencePack;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SequencerTest {
    private static final LedgerEntries ENTRIES = new LedgerEntries("0123456789abcdef0123456789abcdef".getBytes(UTF_8));
    private static final LedgerEntries.Scope SCOPE =
            new LedgerEntries.Scope(new TenantId("acme"), new CollectionId("handbook"));
    private static final TransparencyLog.Identity IDENTITY = new TransparencyLog.Identity(
            "log.test", List.of(NoteSigner.generate("log.test", KeyType.ED25519, Clock.systemUTC())), List.of());

    @TempDir
    private Path directory;

    private TestDatabases databases;
    private Database database;
    private TransparencyLog log;
    private EntryIndex index;
    private Salts salts;
    private Sequencer sequencer;

    TestDatabases databases(Path files) {
        return TestDatabases.files(files);
    }

    @BeforeEach
    void open() {
        databases = databases(directory.resolve("database"));
        database = Database.open(databases.fresh());
        reopen();
    }

    @AfterEach
    void close() {
        if (database != null) { // not where the test was skipped
            log.close();
            database.close();
            databases.close();
        }
    }

    @Test
    void everyEntryIsALeafOnceInItsOrder() {
        assertThat(sequencer.append(List.of(entry(1), entry(2), entry(1)))).isEqualTo(2);
        assertThat(sequencer.append(List.of(entry(2), entry(3)))).isEqualTo(1);
        reopen();
        assertThat(sequencer.append(List.of(entry(3), entry(1)))).isZero();
        assertThat(ids()).containsExactly(entry(1).entryId(), entry(2).entryId(), entry(3).entryId());
        assertThat(index.find(entry(2).entryId()).map(EntryIndex.Found::index)).contains(1L);
        assertThat(index.find(entry(4).entryId()).map(EntryIndex.Found::index)).isEmpty();
    }

    @Test
    void aLeafIsCanonicalAndNamesNobody() {
        LedgerEntry entry = entry(1, "urn:secret", Map.of("b", "2", "a", "\u001f\u00e9\u20ac\"/"));
        sequencer.append(List.of(entry));
        String leaf = new String(log.entry(0), UTF_8);
        Leaf parsed = Leaf.parse(log.entry(0));
        assertThat(leaf)
                .isEqualTo("{\"actor\":\"service:test\",\"at\":\"2026-03-01T12:00:00Z\","
                        + "\"facts\":{\"a\":\"\\u001f\u00e9\u20ac\\\"/\",\"b\":\"2\"},\"id\":\"" + entry.entryId()
                        + "\",\"scope\":\"" + parsed.scope() + "\",\"subject\":\"" + parsed.subject()
                        + "\",\"type\":\"REVISION_VISIBLE\",\"v\":1}");
        assertThat(leaf).doesNotContain("acme", "handbook", "secret", String.valueOf(entry.commitment()));
        assertThat(parsed.bytes()).isEqualTo(log.entry(0));
    }

    @Test
    void entriesAboutOneSubjectAreFoundTogether() {
        sequencer.append(List.of(entry(1, "urn:a"), entry(2, "urn:b"), entry(3, null)));
        sequencer.append(List.of(entry(4, "urn:a")));
        Hash subject =
                salts.subject(ENTRIES.subject(SCOPE, "urn:a").commitment()).orElseThrow();
        assertThat(index.about(subject)).extracting(EntryIndex.Found::index).containsExactly(0L, 3L);
        assertThat(salts.subject(ENTRIES.subject(SCOPE, "urn:c").commitment())).isEmpty();
    }

    @Test
    void aKillBetweenTheLogAndItsIndexLosesAndDoublesNothing() {
        sequencer.append(IntStream.range(0, 300).mapToObj(i -> entry(i)).toList());
        List<Leaf> unindexed =
                salts.leaves(IntStream.range(300, 1_000).mapToObj(i -> entry(i)).toList());
        log.append(unindexed.stream().map(Leaf::bytes).toList());
        reopen();
        assertThat(sequencer.append(
                        IntStream.range(250, 1_100).mapToObj(i -> entry(i)).toList()))
                .isEqualTo(100);
        assertThat(ids()).doesNotHaveDuplicates().hasSize(1_100);
    }

    @Test
    void theIndexIsMadeAnewFromTheLog() {
        sequencer.append(IntStream.range(0, 700).mapToObj(i -> entry(i)).toList());
        database.sql().update("DELETE FROM ledger_entry");
        database.sql().update("DELETE FROM ledger_head");
        reopen();
        assertThat(index.find(entry(650).entryId()).map(EntryIndex.Found::index))
                .contains(650L);
        assertThat(sequencer.append(List.of(entry(5)))).isZero();
    }

    @Test
    void rowsOfAnOlderVersionAreGivenTheRestOfTheirIds() {
        List<LedgerEntry> all =
                IntStream.range(0, 2_100).mapToObj(i -> entry(i)).toList();
        sequencer.append(all);
        RegistryTables tables = new RegistryTables(database.sql());
        assertThat(tables.ledgerIndex(all.get(2_099).entryId())).contains(2_099L);
        database.sql().update("UPDATE ledger_entry SET id_rest = NULL WHERE leaf_index <> 1000");
        assertThat(tables.ledgerIndex(all.get(2_099).entryId())).isEmpty();
        reopen();
        for (int i = 0; i < all.size(); i++) {
            assertThat(tables.ledgerIndex(all.get(i).entryId())).contains((long) i);
        }
    }

    @Test
    void entriesWhoseIdsBeginAlikeAreTwo() {
        LedgerEntry made = entry(1);
        List<LedgerEntry> alike = Stream.of("01", "02", "03")
                .map(rest -> new LedgerEntry(
                        "89ab".repeat(4) + rest.repeat(24),
                        made.type(),
                        made.at(),
                        made.actor(),
                        made.tenant(),
                        made.collection(),
                        made.facts(),
                        made.commitment()))
                .toList();
        RegistryTables tables = new RegistryTables(database.sql());
        assertThat(sequencer.append(alike.subList(0, 1))).isEqualTo(1);
        assertThat(sequencer.append(alike.subList(0, 2))).isEqualTo(1);
        for (int i = 0; i < 2; i++) {
            assertThat(index.find(alike.get(i).entryId()).map(EntryIndex.Found::index))
                    .contains((long) i);
            assertThat(tables.ledgerIndex(alike.get(i).entryId())).contains((long) i);
        }
        assertThat(index.find(alike.get(2).entryId())).isEmpty();
        assertThat(tables.ledgerIndex(alike.get(2).entryId())).isEmpty();
    }

    @Test
    void aLogThatLostOrChangedHistoryIsRefused() throws IOException {
        sequencer.append(List.of(entry(1), entry(2)));
        log.close();
        delete(directory.resolve("log"));
        assertThatThrownBy(this::reopen)
                .isInstanceOfSatisfying(
                        PalimpsestException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.LEDGER_DAMAGED))
                .hasMessageContaining("has 0 entries, and had 2");
        log.append(List.of(salts.leaves(List.of(entry(7))).get(0).bytes(), new byte[1], new byte[2]));
        assertThatThrownBy(this::reopen).hasMessageContaining("had other entries when it had 2");
    }

    @Test
    void aPackHoldsTheEntriesOfATimeAndShowsWhatTheyAreAbout() throws Exception {
        sequencer.append(List.of(entry(1, "acme/handbook/urn:a"), entry(2, "acme/handbook/urn:b"), entry(3, null)));
        Evidence evidence = new Evidence(log, index, salts, ENTRIES);
        Instant at = Instant.parse("2026-03-01T12:00:00Z");
        DocumentKey document = DocumentKey.of("acme", "handbook", "urn:a");
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        evidence.write(new Evidence.Order(at, at.plusSeconds(1), new TenantId("acme"), List.of(document)), out);
        EvidencePack pack = EvidencePack.read(new ByteArrayInputStream(out.toByteArray()));
        assertThat(pack.verify("log.test", log.keys()).treeSize()).isEqualTo(3);
        assertThat(pack.openings()).extracting(pack::mentions).containsExactly(3L, 1L);
        assertThat(pack.openings().get(1).meaning()).isEqualTo("acme/handbook/urn:a");
        assertThat(report(out.toByteArray(), "report.html"))
                .contains("What this does not establish", "tamper evidence is our addition", "acme/handbook/urn:a")
                .doesNotContain("urn:b");
        assertThat(report(out.toByteArray(), "report.json")).contains("\"REVISION_VISIBLE\":3");
        Evidence.Order later =
                new Evidence.Order(at.plusSeconds(1), at.plusSeconds(2), new TenantId("acme"), List.of());
        assertThatThrownBy(() -> evidence.write(later, out))
                .isInstanceOfSatisfying(
                        PalimpsestException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.EVIDENCE_INVALID));
    }

    @Test
    void whatWasLiveAtAMomentIsToldWithHowItCameToBe() {
        Instant day = Instant.parse("2026-03-01T00:00:00Z");
        sequencer.append(List.of(
                act(LedgerEntry.Type.GENERATION_LIVE, day, Map.of("generation", "g1", "model", "base", "policy", "p")),
                act(LedgerEntry.Type.GENERATION_MADE, day.plusSeconds(10), Map.of("generation", "g2", "model", "m2")),
                act(LedgerEntry.Type.RUN_STARTED, day.plusSeconds(1), Map.of("run", "r2")),
                act(LedgerEntry.Type.APPROVAL_GIVEN, day.plusSeconds(11), Map.of("run", "r2", "model", "m2")),
                act(LedgerEntry.Type.APPROVAL_REFUSED, day.plusSeconds(11), Map.of("run", "r9", "model", "m9")),
                act(
                        LedgerEntry.Type.MODEL_REGISTERED,
                        day.plusSeconds(12),
                        Map.of("run", "r2", "model", "m2", "report", "ab", "evaluation.GENERAL", "0.5 -> 0.6")),
                ENTRIES.entry(
                        LedgerEntry.Type.CONFIGURATION_CHANGED,
                        day,
                        "service:one",
                        new LedgerEntries.Scope(LocalKey.TENANT, null),
                        "first",
                        Map.of("thresholds", "known"),
                        null),
                ENTRIES.entry(
                        LedgerEntry.Type.CONFIGURATION_CHANGED,
                        day.plusSeconds(40),
                        "service:one",
                        new LedgerEntries.Scope(LocalKey.TENANT, null),
                        "second",
                        Map.of("thresholds", "changed in the database"),
                        null),
                act(LedgerEntry.Type.GENERATION_LIVE, day.plusSeconds(20), Map.of("generation", "g2", "model", "m2")),
                act(
                        LedgerEntry.Type.GENERATION_LIVE,
                        day.plusSeconds(30),
                        Map.of("generation", "g1", "model", "base"))));
        LiveHistory history = new LiveHistory(
                index,
                salts,
                hash -> hash.equals("known")
                        ? Optional.of(Map.of("gate.promotion.tolerance", "0.01"))
                        : Optional.empty());
        CollectionKey collection = CollectionKey.of("acme", "handbook");
        assertThat(history.at(collection, day.minusSeconds(1))).isEmpty();
        assertThat(history.at(CollectionKey.of("acme", "other"), day.plusSeconds(60)))
                .isEmpty();
        assertThat(history.at(collection, day.plusSeconds(19)).orElseThrow().generation())
                .isEqualTo("g1");
        LiveHistory.Live second = history.at(collection, day.plusSeconds(29)).orElseThrow();
        assertThat(second.generation()).isEqualTo("g2");
        assertThat(second.model()).isEqualTo("m2");
        assertThat(second.since()).isEqualTo(day.plusSeconds(20));
        assertThat(second.story())
                .extracting(found -> found.entry().type())
                .containsExactly(
                        LedgerEntry.Type.GENERATION_MADE,
                        LedgerEntry.Type.RUN_STARTED,
                        LedgerEntry.Type.APPROVAL_GIVEN,
                        LedgerEntry.Type.MODEL_REGISTERED,
                        LedgerEntry.Type.GENERATION_LIVE);
        assertThat(second.evaluations()).singleElement().satisfies(evaluated -> {
            assertThat(evaluated.report()).isEqualTo("ab");
            assertThat(evaluated.figures()).isEqualTo(Map.of("GENERAL", "0.5 -> 0.6"));
        });
        assertThat(second.approvals())
                .singleElement()
                .satisfies(approved -> assertThat(approved.at()).isEqualTo(day.plusSeconds(11)));
        assertThat(second.thresholds()).isEqualTo(Map.of("service:one", Map.of("gate.promotion.tolerance", "0.01")));
        assertThat(history.at(collection, day.plusSeconds(60)).orElseThrow().thresholds())
                .as("settings that are not what the log says")
                .isEmpty();
        assertThat(history.at(collection, day.plusSeconds(60)).orElseThrow().generation())
                .as("rolled back")
                .isEqualTo("g1");
    }

    private static LedgerEntry act(LedgerEntry.Type type, Instant at, Map<String, String> facts) {
        return ENTRIES.entry(type, at, "service:test", SCOPE, type + "/" + at, facts, null);
    }

    private static String report(byte[] pack, String name) throws IOException {
        try (ZipInputStream zip = new ZipInputStream(new ByteArrayInputStream(pack))) {
            for (ZipEntry file = zip.getNextEntry(); file != null; file = zip.getNextEntry()) {
                if (file.getName().equals(name)) {
                    return new String(zip.readAllBytes(), UTF_8);
                }
            }
        }
        return "";
    }

    private void reopen() {
        if (log != null) {
            log.close();
        }
        log = TransparencyLog.open(directory.resolve("log"), IDENTITY, Duration.ofSeconds(10));
        index = new EntryIndex(database.sql(), log, Clock.systemUTC());
        salts = new Salts(database.sql());
        sequencer = new Sequencer(log, index, salts);
        sequencer.begin();
    }

    private List<String> ids() {
        List<String> ids = new ArrayList<>();
        for (long i = 0; i < log.head().treeSize(); i++) {
            ids.add(Leaf.parse(log.entry(i)).id());
        }
        return ids;
    }

    private static LedgerEntry entry(int act) {
        return entry(act, "urn:" + act % 7);
    }

    private static LedgerEntry entry(int act, @Nullable String subject) {
        return entry(act, subject, Map.of("act", Integer.toString(act)));
    }

    private static LedgerEntry entry(int act, @Nullable String subject, Map<String, String> facts) {
        return ENTRIES.entry(
                LedgerEntry.Type.REVISION_VISIBLE,
                Instant.parse("2026-03-01T12:00:00Z"),
                "service:test",
                SCOPE,
                "act " + act,
                facts,
                subject);
    }

    private static void delete(Path directory) throws IOException {
        try (Stream<Path> all = Files.walk(directory)) {
            for (Path file : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
