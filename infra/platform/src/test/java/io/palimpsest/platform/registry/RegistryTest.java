package io.palimpsest.platform.registry;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.palimpsest.contracts.error.ErrorCode;
import io.palimpsest.contracts.error.PalimpsestException;
import io.palimpsest.contracts.event.Json;
import io.palimpsest.contracts.event.LedgerEntry;
import io.palimpsest.contracts.id.CollectionId;
import io.palimpsest.contracts.id.CollectionKey;
import io.palimpsest.contracts.id.ContentHash;
import io.palimpsest.contracts.id.DocumentKey;
import io.palimpsest.contracts.id.ModelId;
import io.palimpsest.contracts.model.ModelManifest;
import io.palimpsest.platform.content.InMemoryContentStore;
import io.palimpsest.platform.database.Database;
import io.palimpsest.platform.database.Sql;
import io.palimpsest.platform.database.TestDatabases;
import io.palimpsest.platform.ledger.LedgerEntries;
import io.palimpsest.platform.model.ModelStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@SuppressWarnings("NullAway.Init") // set before each test
class RegistryTest {
    private static final String SNAPSHOT = "ab".repeat(32);
    private static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");
    private static final LedgerEntries ENTRIES = new LedgerEntries("0123456789abcdef0123456789abcdef".getBytes(UTF_8));

    @TempDir
    private Path folder;

    private final List<LedgerEntry> told = new ArrayList<>();
    private TestDatabases databases;
    private Database database;
    private Sql sql;
    private InMemoryContentStore content;
    private ModelStore models;
    private Registry registry;
    private ModelId base;
    private ModelId tuned;

    TestDatabases databases(Path inFolder) {
        return TestDatabases.files(inFolder);
    }

    @BeforeEach
    void fill() throws IOException {
        databases = databases(folder);
        database = Database.open(databases.fresh());
        sql = database.sql();
        content = new InMemoryContentStore();
        models = new ModelStore(content, sql, folder.resolve("cache"), Clock.systemUTC());
        registry = new Registry(sql, Clock.systemUTC(), new Registrations(ENTRIES, told::add));
        base = models.put(model("base", null, null)).id();
        tuned = models.put(model("tuned", base, SNAPSHOT)).id();
        rows();
    }

    @AfterEach
    void close() {
        if (database != null) { // not where the test was skipped
            database.close();
            databases.close();
        }
    }

    @Test
    void everyKindIsListedWithWhereItCameFromAndWhatStandsOnIt() {
        registry.register(
                ArtifactKind.GENERATOR, "served-elsewhere/m/1", Map.of("host", "llm.example.org"), "service:settings");
        registry.register(ArtifactKind.EXTRACTOR, "tika-3/1", Map.of("fingerprint", "tika-3/1"), "service:ingest");
        assertThat(registry.list(each -> true))
                .extracting(Artifact::kind)
                .contains(
                        ArtifactKind.EMBEDDER,
                        ArtifactKind.GENERATOR,
                        ArtifactKind.EXTRACTOR,
                        ArtifactKind.SNAPSHOT,
                        ArtifactKind.GENERATION,
                        ArtifactKind.RUN);
        Artifact model = registry.find(tuned.value(), each -> true);
        assertThat(model.from()).containsEntry("base", base.value()).containsEntry("snapshot", SNAPSHOT);
        assertThat(model.uses()).contains("generation g2");
        assertThat(registry.find(model.digest(), each -> true)).isEqualTo(model);
        assertThat(registry.find(SNAPSHOT, each -> true).uses()).contains("model " + tuned);
        assertThat(registry.find("g2", each -> true).uses()).contains("alias live of handbook");
        assertThat(registry.find("run-2", each -> true).uses()).containsExactly("running run run-2");
        refused(ErrorCode.ARTIFACT_UNKNOWN, () -> registry.find("nothing", each -> true));
    }

    @Test
    void registrationIsOneEntryWhoeverTellsItAndHoweverOften() {
        Map<String, String> tika = Map.of("fingerprint", "tika-3/1");
        registry.register(ArtifactKind.EXTRACTOR, "tika-3/1", tika, "service:ingest");
        Clock later = Clock.offset(Clock.systemUTC(), Duration.ofDays(1));
        new Registry(sql, later, new Registrations(ENTRIES, told::add))
                .register(ArtifactKind.EXTRACTOR, "tika-3/1", tika, "service:other");
        assertThat(told).hasSize(2);
        assertThat(told.get(1)).isEqualTo(told.get(0));
        LedgerEntry entry = told.getFirst();
        Artifact extractor = registry.find("tika-3/1", each -> true);
        assertThat(entry.type()).isEqualTo(LedgerEntry.Type.ARTIFACT_REGISTERED);
        assertThat(entry.actor()).isEqualTo("service:ingest");
        assertThat(entry.at()).isEqualTo(extractor.registeredAt());
        assertThat(entry.collection()).isNull();
        assertThat(entry.facts())
                .isEqualTo(Map.of("kind", "EXTRACTOR", "artifact", "tika-3/1", "digest", extractor.digest()));

        registry.register(ArtifactKind.EXTRACTOR, "tika-4", Map.of("fingerprint", "tika-4"), "service:ingest");
        registry.remove(ArtifactKind.EXTRACTOR, "tika-3/1");
        new Registry(sql, later, new Registrations(ENTRIES, told::add))
                .register(ArtifactKind.EXTRACTOR, "tika-3/1", tika, "service:ingest");
        assertThat(told.stream().map(LedgerEntry::entryId).distinct())
                .as("registered, another, and once more after it was removed")
                .hasSize(3);
    }

    @Test
    void whatIsRefusedIsNotTold() {
        registry.register(ArtifactKind.EXTRACTOR, "tika-3/1", Map.of("fingerprint", "tika-3/1"), "service:ingest");
        refused(
                ErrorCode.ARTIFACT_DIFFERS,
                () -> registry.register(ArtifactKind.EXTRACTOR, "tika-3/1", Map.of("fingerprint", "x"), "service:x"));
        assertThat(told).hasSize(1);
    }

    @Test
    void cardOfWhatNoRunMadeSaysWhereItsRegistrationIsInTheLedger() {
        registry.register(ArtifactKind.RERANKER, "served-elsewhere/m/1", Map.of("host", "h"), "service:settings");
        Cards cards = new Cards(sql, new RunEvaluations(sql, content), ENTRIES);
        Artifact reranker = registry.find("served-elsewhere/m/1", each -> true);
        assertThat(cards.of(reranker, each -> true).sections())
                .extracting(Card.Section::heading)
                .as("not sequenced yet")
                .doesNotContain("In the ledger");

        sequenced(42, told.getFirst());
        assertThat(cards.of(reranker, each -> true).html()).contains("ARTIFACT_REGISTERED", "<td>42</td>");
    }

    @Test
    void entryWhoseIdBeginsAlikeIsNotTakenForTheOneThatIsLookedFor() {
        RegistryTables tables = new RegistryTables(sql);
        String one = "89ab".repeat(4) + "01".repeat(24);
        String other = "89ab".repeat(4) + "02".repeat(24);
        sequenced(6, one, null); // of an older version, not completed yet
        sequenced(7, other, other.substring(16));
        assertThat(tables.ledgerIndex(one)).isEmpty();
        sequenced(9, one, one.substring(16));
        assertThat(tables.ledgerIndex(one)).contains(9L);
        assertThat(tables.ledgerIndex(other)).contains(7L);
    }

    @Test
    void listingAndFindingWaitForNoWriter() {
        List<String> ids = sql.inTransaction(transaction -> {
            transaction.update("UPDATE generation SET origin = 'BUILT' WHERE id = 'g1'");
            return CompletableFuture.supplyAsync(() -> {
                        assertThat(registry.find("g2", each -> true).uses()).contains("alias live of handbook");
                        return registry.list(each -> true).stream()
                                .map(Artifact::id)
                                .toList();
                    })
                    .join();
        });
        assertThat(ids).contains("g1", "g2", "run-1", SNAPSHOT, tuned.value());
    }

    @Test
    void findingByIdReadsNothingElse() {
        sql.update("UPDATE model SET manifest = 'no manifest' WHERE id = ?", base.value());
        for (String id : List.of("g2", "run-1", SNAPSHOT, tuned.value())) {
            assertThat(registry.find(id, each -> true).id()).isEqualTo(id);
        }
        refused(ErrorCode.ARTIFACT_UNKNOWN, () -> registry.find("nothing", each -> true));
    }

    @Test
    void whatIsInUseIsNeitherChangedNorRemovedOnAnyWay() throws IOException {
        refused(ErrorCode.ARTIFACT_IN_USE, () -> models.remove(base)); // a generation, and the base of another model
        refused(ErrorCode.ARTIFACT_IN_USE, () -> models.remove(tuned)); // live
        assertThat(models.open(tuned)).isDirectory();

        registry.register(ArtifactKind.EXTRACTOR, "tika-3/1", Map.of("fingerprint", "tika-3/1"), "service:ingest");
        sql.update("INSERT INTO revision_made_by VALUES ('h1', 'acme', 'handbook', 'tika-3/1', 'content-defined/1')");
        refused(ErrorCode.ARTIFACT_IN_USE, () -> registry.remove(ArtifactKind.EXTRACTOR, "tika-3/1"));
        refused(
                ErrorCode.ARTIFACT_DIFFERS,
                () -> registry.register(
                        ArtifactKind.EXTRACTOR, "tika-3/1", Map.of("fingerprint", "other"), "service:ingest"));
        refused(
                ErrorCode.ARTIFACT_DIFFERS,
                () -> registry.register(
                        ArtifactKind.GENERATOR, "tika-3/1", Map.of("fingerprint", "tika-3/1"), "service:ingest"));
        refused(ErrorCode.ARTIFACT_IN_USE, () -> registry.remove(ArtifactKind.GENERATION, "g2"));
        refused(ErrorCode.ARTIFACT_IN_USE, () -> registry.remove(ArtifactKind.RUN, "run-2"));
        refused(ErrorCode.ARTIFACT_IN_USE, () -> registry.remove(ArtifactKind.SNAPSHOT, SNAPSHOT));

        sql.update("DELETE FROM revision_made_by");
        registry.remove(ArtifactKind.EXTRACTOR, "tika-3/1");
        refused(ErrorCode.ARTIFACT_UNKNOWN, () -> registry.remove(ArtifactKind.EXTRACTOR, "tika-3/1"));
    }

    @Test
    void aModelThatARunningRunTrainedStaysAndGoesOnlyWhenNothingStandsOnIt() throws IOException {
        ModelId candidate = models.put(model("candidate", null, null)).id();
        sql.update(
                "INSERT INTO run_stage (run_id, stage, result, done_at) VALUES ('run-2', 'TRAIN', ?, 0)",
                "{\"model\":\"" + candidate + "\"}");
        refused(ErrorCode.ARTIFACT_IN_USE, () -> models.remove(candidate));
        sql.update("UPDATE run SET outcome = 'NOT_BETTER', ended_at = 1 WHERE run_id = 'run-2'");
        models.remove(candidate);
        assertThat(models.find(candidate)).isEmpty();
        refused(ErrorCode.MODEL_UNKNOWN, () -> models.remove(candidate));
    }

    @Test
    void otherBytesUnderTheSameIdAreRefused() throws IOException {
        // The id has 32 bits of the hash: what is registered under it is made to be of other files.
        String other = Json.writeText(models.find(tuned).orElseThrow().manifest())
                .replaceFirst("\"model.onnx\":\"[0-9a-f]{64}\"", "\"model.onnx\":\"" + "0".repeat(64) + "\"");
        sql.update("UPDATE model SET manifest = ? WHERE id = ?", other, tuned.value());
        refused(ErrorCode.ARTIFACT_DIFFERS, () -> models.put(model("tuned", base, SNAPSHOT)));
    }

    @Test
    void aliasesAreReadableAsTheyWereAtAnyTime() {
        Aliases aliases = new Aliases(sql);
        assertThat(aliases.at(NOON.minusMillis(1))).isEmpty();
        assertThat(pointers(aliases.at(NOON))).containsExactlyInAnyOrder("live=g1", "serving=" + base);
        assertThat(pointers(aliases.at(NOON.plusSeconds(60))))
                .containsExactlyInAnyOrder("live=g2", "serving=" + tuned, "previous=g1");
        assertThat(pointers(aliases.at(NOON.plusSeconds(120))))
                .containsExactlyInAnyOrder("live=g1", "serving=" + base, "previous=g2");
        assertThat(aliases.history().stream().filter(move -> move.alias().equals("live")))
                .extracting(move -> move.from() + ">" + move.to() + " " + move.act() + " " + move.actor())
                .containsExactly(
                        "null>g1 FIRST service:index",
                        "g1>g2 SWAP service:retrain",
                        "g2>g1 ROLLBACK key:ops",
                        "g1>g2 SWAP service:retrain");
    }

    @Test
    void cardsSayWhatIsKnownAndEscapeWhatIsSaid() {
        DocumentKey owner = DocumentKey.of(new CollectionKey(ModelManifest.TENANT, new CollectionId("runs")), "run-1");
        ContentHash report = content.put(owner, """
                {"promotes":true,"sentence":"Better <b>","evaluation":{"serving":"base","candidate":"tuned","slices":[
                {"name":"test-unseen","kind":"DOCUMENT_DISJOINT","queries":120,"measures":{"NDCG_AT_10":
                {"serving":0.5,"candidate":0.625,"gain":0.125,"low":0.0625,"high":0.1875}}}]}}""".getBytes(UTF_8));
        sql.update(
                "INSERT INTO run_file (run_id, name, shelf, owner, content, made_at) VALUES"
                        + " ('run-1', 'evaluation.json', 'runs', 'run-1', ?, 0)",
                report.value());
        LedgerEntries.Scope scope =
                new LedgerEntries.Scope(CollectionKey.of("acme", "handbook").tenant(), new CollectionId("handbook"));
        LedgerEntry registered = ENTRIES.entry(
                LedgerEntry.Type.MODEL_REGISTERED, NOON, "service:retrain", scope, tuned.value(), Map.of(), null);
        sequenced(41, registered);
        Cards cards = new Cards(sql, new RunEvaluations(sql, content), ENTRIES);

        Card card = cards.of(registry.find(tuned.value(), each -> true), each -> true);
        assertThat(card.sections())
                .extracting(Card.Section::heading)
                .containsExactly(
                        "Details",
                        "Files",
                        "Licence",
                        "Training and evaluation data",
                        "Left out of it",
                        "Training",
                        "Evaluation",
                        "Approvals",
                        "Cost",
                        "Aliases",
                        "In the ledger",
                        "What this does not say");
        assertThat(card.html())
                .contains("test-unseen (120 queries)", "0.1250 [0.0625, 0.1875]", "Better &lt;b&gt;", "<td>41</td>")
                .contains("erased", "2026-03-01T12:01:00Z")
                .doesNotContain("<b>", "alice");
        Card index = cards.of(registry.find("g2", each -> true), each -> true);
        assertThat(index.html()).contains("Index card: g2", "content-defined/1", "counts agree", "SWAP");
        assertThat(Json.writeText(index)).contains("\"heading\":\"Live\"");
        sql.update("UPDATE generation SET state = 'DROPPING', gates = '2026-03-01T12:00:00Z' WHERE id = 'g1'");
        assertThat(cards.of(registry.find("g1", each -> true), each -> true).html())
                .contains("DROPPING");
    }

    private void rows() {
        sql.update(
                "INSERT INTO training_snapshot (snapshot, tenant, collection, made_at, made_by, manifest) VALUES (?, 'acme', 'handbook', ?, 'service:retrain', ?)",
                SNAPSHOT,
                NOON.toEpochMilli(),
                "{\"hash\":\"" + SNAPSHOT
                        + "\",\"plan\":{\"seed\":7},\"slices\":{\"train\":{\"file\":\"train.jsonl\",\"sha256\":\""
                        + SNAPSHOT
                        + "\",\"queries\":500,\"lines\":900}},\"refused\":{\"erased\":3},\"removed\":{\"leak\":2}}");
        run("run-1", "PROMOTED");
        run("run-2", null);
        sql.update(
                "INSERT INTO run_stage (run_id, stage, result, done_at) VALUES ('run-1', 'TRAIN', ?, 0)",
                "{\"model\":\"" + tuned + "\"}");
        sql.update(
                "INSERT INTO approval (run, person, approved, reason, given_at) VALUES ('run-1', 'alice', 1, 'good', 0)");
        generation("g1", base, "RETIRED");
        generation("g2", tuned, "LIVE");
        period(1, "g1", base, NOON, "FIRST", "service:index");
        period(2, "g2", tuned, NOON.plusSeconds(60), "SWAP", "service:retrain");
        period(3, "g1", base, NOON.plusSeconds(120), "ROLLBACK", "key:ops");
        period(4, "g2", tuned, NOON.plusSeconds(180), "SWAP", "service:retrain");
        sql.update("INSERT INTO live_generation (tenant, collection, generation, previous, number)"
                + " VALUES ('acme', 'handbook', 'g2', 'g1', 4)");
    }

    private void run(String id, @Nullable String outcome) {
        sql.update(
                "INSERT INTO run (run_id, kind, tenant, collection, cause, request, started_at, ended_at, outcome)"
                        + " VALUES (?, 'fine-tune', 'acme', 'handbook', 'alarm-1', ?, ?, ?, ?)",
                id,
                "{\"trainer\":\"lora\",\"seed\":7}",
                NOON.toEpochMilli(),
                outcome == null ? null : NOON.toEpochMilli(),
                outcome);
    }

    private void generation(String id, ModelId model, String state) {
        sql.update(
                "INSERT INTO generation (id, tenant, collection, model, passages, passages_model, policy, dimensions, origin, state,"
                        + " written, made_at, gates) VALUES (?, 'acme', 'handbook', ?, ?, ?, 'content-defined/1', 384, 'BUILT', ?, 1, ?,"
                        + " '[{\"name\":\"counts agree\",\"passed\":true}]')",
                id,
                model.value(),
                id,
                model.value(),
                state,
                NOON.toEpochMilli());
    }

    private void sequenced(long index, LedgerEntry entry) {
        sequenced(index, entry.entryId(), entry.entryId().substring(16));
    }

    private void sequenced(long index, String id, @Nullable String rest) {
        sql.update(
                "INSERT INTO ledger_entry (leaf_index, id_prefix, id_rest, type, at, scope_prefix)"
                        + " VALUES (?, ?, ?, 'ARTIFACT_REGISTERED', 0, 0)",
                index,
                Long.parseUnsignedLong(id.substring(0, 16), 16),
                rest);
    }

    private void period(int number, String generation, ModelId model, Instant from, String act, String actor) {
        sql.update(
                "INSERT INTO generation_history (tenant, collection, number, generation, model, live_from, live_until, act, actor)"
                        + " VALUES ('acme', 'handbook', ?, ?, ?, ?, ?, ?, ?)",
                number,
                generation,
                model.value(),
                from.toEpochMilli(),
                number == 4 ? null : from.plusSeconds(60).toEpochMilli(),
                act,
                actor);
    }

    private Path model(String name, @Nullable ModelId of, @Nullable String snapshot) throws IOException {
        Path model = folder.resolve(name);
        Files.createDirectories(model);
        Files.writeString(model.resolve("model.onnx"), "bytes of " + name);
        SortedMap<String, ContentHash> files =
                new TreeMap<>(Map.of("model.onnx", ContentHash.ofText("bytes of " + name)));
        ModelManifest manifest = new ModelManifest(
                ModelManifest.idOf(name, "fp32", files),
                ModelManifest.Kind.ENCODER,
                of,
                384,
                256,
                files,
                snapshot == null ? null : new ContentHash(snapshot),
                7L,
                "lora/1");
        Files.write(model.resolve(ModelManifest.FILE), Json.write(manifest));
        return model;
    }

    private static List<String> pointers(List<Aliases.Move> moves) {
        return moves.stream().map(move -> move.alias() + "=" + move.to()).toList();
    }

    private static void refused(ErrorCode code, ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        PalimpsestException.class, e -> assertThat(e.code()).isEqualTo(code));
    }
}
