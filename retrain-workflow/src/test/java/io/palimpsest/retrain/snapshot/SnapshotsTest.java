package io.palimpsest.retrain.snapshot;

import static io.palimpsest.retrain.feedback.QueryLogRows.DOCS;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.palimpsest.contracts.error.ErrorCode;
import io.palimpsest.contracts.error.PalimpsestException;
import io.palimpsest.contracts.event.LedgerEntry;
import io.palimpsest.contracts.id.CollectionKey;
import io.palimpsest.contracts.id.ContentHash;
import io.palimpsest.contracts.id.DocumentKey;
import io.palimpsest.contracts.id.PassageId;
import io.palimpsest.platform.content.InMemoryContentStore;
import io.palimpsest.platform.database.Database;
import io.palimpsest.platform.database.TestDatabases;
import io.palimpsest.platform.erasure.Suppressions;
import io.palimpsest.platform.ledger.LedgerEntries;
import io.palimpsest.retrain.evaluate.EvaluationSlice;
import io.palimpsest.retrain.evaluate.SnapshotSlices;
import io.palimpsest.retrain.feedback.MovableClock;
import io.palimpsest.retrain.judgement.BeirLines;
import io.palimpsest.retrain.judgement.DocumentStandings;
import io.palimpsest.retrain.judgement.GradedPassage;
import io.palimpsest.retrain.judgement.PassageTexts;
import io.palimpsest.retrain.tune.SnapshotFolder;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@SuppressWarnings("NullAway.Init") // set before each test
class SnapshotsTest {
    private static final Instant START = Instant.parse("2026-11-01T12:00:00Z");
    private static final SnapshotPlan PLAN = new SnapshotPlan(7, 0.2, 0.1, 0.1, 100);

    @TempDir
    Path folder;

    private final SplittableRandom random = new SplittableRandom(1);
    private final Map<String, DocumentStandings.Standing> standings = new HashMap<>();
    private final InMemoryContentStore store = new InMemoryContentStore();
    private final Map<String, String> texts = new HashMap<>();
    private final List<LedgerEntry> ledger = new ArrayList<>();
    private final MovableClock clock = new MovableClock(START);
    private TestDatabases databases;
    private Database database;
    private Suppressions suppressions;
    private Snapshots snapshots;
    /** Told of each document whose text is read. */
    private Consumer<String> meanwhile = document -> {};

    TestDatabases databases(Path directory) {
        return TestDatabases.files(directory);
    }

    @BeforeEach
    void open() {
        databases = databases(folder);
        database = Database.open(databases.fresh());
        suppressions = new Suppressions(database.sql(), new byte[32], clock);
        snapshots = new Snapshots(new Snapshots.Parts(
                database.sql(),
                store,
                place -> {
                    meanwhile.accept(id(place.document()));
                    return Optional.ofNullable(texts.get(id(place.document())));
                },
                document -> Optional.ofNullable(standings.get(id(document))),
                suppressions,
                new LedgerEntries(new byte[32]),
                ledger::add,
                clock));
    }

    @AfterEach
    void close() {
        if (database != null) { // not where the test was skipped
            database.close();
            databases.close();
        }
    }

    @Test
    void theSameJudgementsInAnyOrderAreTheSameSnapshotOnce() {
        List<GradedPassage> labels = labels(200);
        Snapshot first = make(labels);
        List<GradedPassage> shuffled = new ArrayList<>(labels);
        Collections.shuffle(shuffled, new Random(9));
        Snapshot again = make(shuffled);

        assertThat(again.manifest()).isEqualTo(first.manifest());
        assertThat(snapshots.of(DOCS)).containsExactly(first.manifest());
        assertThat(ledger.stream().map(LedgerEntry::entryId).distinct()).hasSize(1);
        assertThat(make(labels.subList(1, labels.size())).manifest().hash())
                .isNotEqualTo(first.manifest().hash());
        assertThat(snapshots
                        .make(DOCS, labels, new SnapshotPlan(8, 0.2, 0.1, 0.1, 100), "test")
                        .manifest()
                        .hash())
                .isNotEqualTo(first.manifest().hash());
    }

    @Test
    void whatIsTestedWithWasNotTrainedOn() {
        Snapshot made = make(labels(400));
        Set<String> trained = documents(made, SnapshotManifest.TRAIN);
        trained.addAll(documents(made, SnapshotManifest.VALIDATION));

        assertThat(documents(made, SnapshotManifest.UNSEEN)).isNotEmpty().doesNotContainAnyElementsOf(trained);
        assertThat(documents(made, SnapshotManifest.VALIDATION))
                .isNotEmpty()
                .doesNotContainAnyElementsOf(documents(made, SnapshotManifest.TRAIN));
        Set<String> trainedQueries = queries(made, SnapshotManifest.TRAIN);
        for (String name : List.of(SnapshotManifest.UNSEEN, SnapshotManifest.LATER, SnapshotManifest.VALIDATION)) {
            assertThat(queries(made, name)).isNotEmpty().doesNotContainAnyElementsOf(trainedQueries);
        }
        // The last tenth of 400, and nothing of the others.
        assertThat(queries(made, SnapshotManifest.LATER))
                .hasSize(40)
                .allSatisfy(query ->
                        assertThat(Integer.parseInt(query.substring(1))).isGreaterThanOrEqualTo(360));
    }

    @Test
    void sensitiveErasedDeletedAndLostAreRefusedWithACountOfWhy() {
        List<GradedPassage> labels = labels(200);
        standings.put("d1", new DocumentStandings.Standing(1, true, true, Set.of("*")));
        store.eraseDocument(DocumentKey.of(DOCS, "d2"));
        standings.put("d3", new DocumentStandings.Standing(1, false, false, Set.of("*")));
        standings.remove("d4");
        texts.remove("d5");
        Snapshot made = make(labels);

        assertThat(made.manifest().refused())
                .containsOnly(
                        Map.entry(SnapshotDraft.SENSITIVE, 1),
                        Map.entry(SnapshotDraft.ERASED, 1),
                        Map.entry(SnapshotDraft.NOT_LIVE, 2),
                        Map.entry(SnapshotDraft.TEXT_GONE, 1));
        assertThat(made.lineage())
                .extracting(origin -> origin.documentId().value())
                .doesNotContain("d1", "d2", "d3", "d4", "d5")
                .contains("d6");
        assertThat(made.lineage())
                .allSatisfy(origin -> assertThat(origin.revision()).isEqualTo(3));
    }

    @Test
    void nearDuplicatesLeaveTheTrainingSide() {
        List<GradedPassage> labels = labels(300);
        Snapshot before = make(labels);
        SnapshotLine tested = before.lines(SnapshotManifest.UNSEEN).getFirst();
        // The same passage, a word longer, under documents of every slice; and the tested question asked a little
        // otherwise.
        for (int i = 0; i < 20; i++) {
            String id = "copy" + i;
            document(id, tested.text() + " indeed");
            labels.add(label("copyq" + i, "something else entirely " + words(6), id, 0, null, false));
            labels.add(label("sameq" + i, tested.query() + (i % 2 == 0 ? "?" : "!"), "d" + i, 0, null, false));
        }
        Snapshot after = make(labels);

        assertThat(after.manifest().removed().get(SnapshotSplit.NEAR_PASSAGE)).isGreaterThan(5);
        assertThat(after.manifest().removed().get(SnapshotSplit.NEAR_QUERY)).isGreaterThan(5);
        NearDuplicates texts = new NearDuplicates(after.lines(SnapshotManifest.UNSEEN).stream()
                .map(SnapshotLine::text)
                .toList());
        assertThat(after.lines(SnapshotManifest.TRAIN))
                .noneSatisfy(line -> assertThat(texts.contains(line.text())).isTrue());
    }

    @Test
    void tooFewJudgementsAreADefinedRefusal() {
        assertThatThrownBy(() -> make(labels(99))).isInstanceOfSatisfying(PalimpsestException.class, e -> {
            assertThat(e.code()).isEqualTo(ErrorCode.SNAPSHOT_TOO_SMALL);
            assertThat(e).hasMessageContaining("99 judged queries of 100");
        });
        assertThatThrownBy(() -> make(List.of()))
                .isInstanceOfSatisfying(
                        PalimpsestException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.SNAPSHOT_TOO_SMALL));
    }

    @Test
    void whatWasLearnedFromAndIsErasedLaterTaints() {
        Snapshot made = make(labels(200));
        ContentHash hash = made.manifest().hash();
        String trained =
                made.lines(SnapshotManifest.TRAIN).getFirst().documentId().value();
        String tested =
                made.lines(SnapshotManifest.UNSEEN).getFirst().documentId().value();

        assertThat(snapshots.standing(DOCS, hash)).isEqualTo(new SnapshotStanding.Sound(hash));
        store.eraseDocument(DocumentKey.of(DOCS, tested));
        assertThat(snapshots.standing(DOCS, hash)).isEqualTo(new SnapshotStanding.Sound(hash));
        store.eraseDocument(DocumentKey.of(DOCS, trained));
        assertThat(snapshots.standing(DOCS, hash)).isEqualTo(new SnapshotStanding.Tainted(hash, 1, 0));
        standings.put(trained, new DocumentStandings.Standing(4, true, true, Set.of("*")));
        assertThat(snapshots.standing(DOCS, hash)).isEqualTo(new SnapshotStanding.Tainted(hash, 0, 1));
        assertThat(snapshots.standing(CollectionKey.of("acme", "other"), hash))
                .isEqualTo(new SnapshotStanding.Unregistered(hash));
    }

    @Test
    void whatIsOpenedIsWhatWasMade() {
        Snapshot made = make(labels(200));
        Snapshot opened = snapshots.open(DOCS, made.manifest().hash());

        assertThat(opened.manifest()).isEqualTo(made.manifest());
        assertThat(opened.lineage()).isEqualTo(made.lineage());
        assertThat(opened.lines(SnapshotManifest.TRAIN)).isEqualTo(made.lines(SnapshotManifest.TRAIN));
        assertThatThrownBy(() -> snapshots.open(DOCS, ContentHash.ofText("other")))
                .isInstanceOfSatisfying(
                        PalimpsestException.class,
                        e -> assertThat(e.code()).isEqualTo(ErrorCode.SNAPSHOT_UNREGISTERED));
    }

    @Test
    void aLostBodyIsFoundOut() {
        Snapshot made = make(labels(200));
        DocumentKey own = Snapshots.key(DOCS, made.manifest().hash());
        store.list(own).forEach(hash -> store.delete(own, hash));

        assertThatThrownBy(() -> snapshots.open(DOCS, made.manifest().hash()))
                .isInstanceOfSatisfying(
                        PalimpsestException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.SNAPSHOT_DAMAGED));
    }

    @Test
    void whatIsErasedIsNeverLearnedFromAgainAndTheCountSaysWhy() {
        Snapshot made = make(labels(200));
        ContentHash hash = made.manifest().hash();
        String trained =
                made.lines(SnapshotManifest.TRAIN).getFirst().documentId().value();
        String tested =
                made.lines(SnapshotManifest.UNSEEN).getFirst().documentId().value();
        store.eraseDocument(DocumentKey.of(DOCS, tested));
        try (ClearFolders clear = ClearFolders.open(folder.resolve("clear"));
                ClearFolders.ClearFolder readable = clear.of(snapshots.openSound(DOCS, hash))) {
            assertThat(readable.snapshot()).isDirectoryContaining("glob:**train.jsonl"); // a test is not learned from
        }
        assertThat(snapshots.retireErased()).isZero();

        store.eraseDocument(DocumentKey.of(DOCS, trained));
        assertThat(snapshots.open(DOCS, hash).entries(SnapshotManifest.TRAIN)).isNotEmpty();
        assertTainted(() -> snapshots.open(DOCS, hash).lines(SnapshotManifest.TRAIN), "1 lines of train");
        assertTainted(() -> snapshots.openSound(DOCS, hash), "1 of its documents were erased");

        assertThat(snapshots.retireErased()).isEqualTo(1);
        assertThat(snapshots.retireErased()).isZero();
        assertThat(store.isErased(Snapshots.key(DOCS, hash))).isTrue();
        assertTainted(() -> snapshots.open(DOCS, hash), "1 of its documents were erased");
        assertThat(snapshots.standing(DOCS, hash)).isEqualTo(new SnapshotStanding.Tainted(hash, 1, 0));
    }

    private static void assertTainted(ThrowingCallable call, String why) {
        assertThatThrownBy(call).isInstanceOfSatisfying(PalimpsestException.class, e -> {
            assertThat(e.code()).isEqualTo(ErrorCode.SNAPSHOT_TAINTED);
            assertThat(e).hasMessageContaining(why);
        });
    }

    @Test
    void whatIsErasedWhileASetIsMadeIsInNone() {
        meanwhile = document -> {
            if (document.equals("d7")) {
                suppressions.add(DocumentKey.of(DOCS, "d6"), "erasure-1"); // was taken a moment ago
            }
        };
        Snapshot made = make(labels(200));

        assertThat(made.manifest().refused()).containsOnly(Map.entry(SnapshotDraft.ERASED, 1));
        assertThat(made.lineage())
                .extracting(origin -> origin.documentId().value())
                .contains("d7")
                .doesNotContain("d6");
        assertThat(snapshots.of(DOCS)).hasSize(2).contains(made.manifest());
        assertThat(snapshots.of(DOCS).stream().filter(set -> snapshots.isRetired(set.hash())))
                .as("the one that it was in")
                .hasSize(1)
                .doesNotContain(made.manifest());
        assertThat(database.sql()
                        .query(
                                "SELECT document_id FROM training_snapshot_document WHERE document_id IN ('d6', 'erased:erasure-1')",
                                row -> row.getString(1)))
                .containsExactly("erased:erasure-1");
    }

    @Test
    void aDocumentThatCameBackDoesNotBringItsOldPassagesBack() {
        Snapshot made = make(labels(200));
        SnapshotLine line = made.lines(SnapshotManifest.TRAIN).getFirst();
        DocumentKey document = DocumentKey.of(DOCS, line.documentId().value());
        store.eraseDocument(document);
        store.put(document, "something new".getBytes(UTF_8));

        assertThat(snapshots.standing(DOCS, made.manifest().hash()))
                .isEqualTo(new SnapshotStanding.Sound(made.manifest().hash()));
        assertTainted(
                () -> snapshots.openSound(DOCS, made.manifest().hash()).lines(SnapshotManifest.TRAIN),
                "1 lines of train");
    }

    @Test
    void importedPassagesOfUnknownDocumentsMakeNoKeyForThem() {
        List<GradedPassage> labels = labels(200);
        DocumentKey unknown = DocumentKey.of(DOCS, "elsewhere");
        labels.add(new GradedPassage(
                "imported",
                words(8),
                START,
                new PassageTexts.Place(unknown, PassageId.of(ContentHash.ofText("imported"), 0), null, null),
                3,
                "a passage of another system",
                1,
                null,
                true));
        Snapshot made = make(labels);

        assertThat(made.lines(SnapshotManifest.GENERAL))
                .singleElement()
                .satisfies(line -> assertThat(line.text()).isEqualTo("a passage of another system"));
        assertThat(store.isErased(unknown)).isTrue();
        assertThat(snapshots.standing(DOCS, made.manifest().hash()))
                .isEqualTo(new SnapshotStanding.Sound(made.manifest().hash()));
    }

    @Test
    void frozenLabelsAreOnlyTestedWithAndTagsAreSlicesOfTheirOwn() {
        List<GradedPassage> labels = labels(200);
        for (int i = 0; i < 30; i++) {
            document("general" + i, words(30));
            labels.add(label("g" + i, words(8), "general" + i, 0, null, true));
            document("faq" + i, words(30));
            labels.add(label("f" + i, words(8), "faq" + i, 0, "faq & more", false));
        }
        Snapshot made = make(labels);

        assertThat(queries(made, SnapshotManifest.GENERAL)).hasSize(30).allMatch(id -> id.startsWith("g"));
        assertThat(queries(made, "test-tag-faq___more"))
                .isNotEmpty()
                .isSubsetOf(queries(made, SnapshotManifest.UNSEEN));
        assertThat(SnapshotSlices.of(made))
                .extracting(EvaluationSlice::kind)
                .containsExactly(
                        EvaluationSlice.Kind.GENERAL,
                        EvaluationSlice.Kind.TIME_LATER,
                        EvaluationSlice.Kind.TAG,
                        EvaluationSlice.Kind.DOCUMENT_DISJOINT);
        assertThat(SnapshotSlices.of(made).getFirst().queries())
                .allSatisfy(judged -> assertThat(judged.gains()).hasSize(1));
    }

    @Test
    void aSliceGoesOutInBeirsLayoutAndComesBack() {
        Snapshot made = make(labels(200));
        made.exportBeir(SnapshotManifest.UNSEEN, folder.resolve("beir"), DOCS);
        BeirLines back = BeirLines.read(folder.resolve("beir"), SnapshotManifest.UNSEEN);
        List<SnapshotLine> lines = made.lines(SnapshotManifest.UNSEEN);

        assertThat(back.qrels())
                .containsExactlyElementsOf(lines.stream()
                        .map(line -> new BeirLines.Qrel(
                                line.queryId(), line.documentId().value(), line.grade()))
                        .toList());
        assertThat(back.corpus().values())
                .extracting(BeirLines.Text::whole)
                .containsAll(lines.stream().map(SnapshotLine::text).toList());
    }

    @Test
    void aTrainerReadsWhatWasWritten() {
        Snapshot made = make(labels(200));
        try (ClearFolders clear = ClearFolders.open(folder.resolve("clear"));
                ClearFolders.ClearFolder readable = clear.of(made)) {
            SnapshotFolder training = SnapshotFolder.open(readable.snapshot());

            assertThat(training.hash()).isEqualTo(made.manifest().hash());
            assertThat(training.train().queries()).hasSameSizeAs(queries(made, SnapshotManifest.TRAIN));
            assertThat(training.validation().queries()).hasSameSizeAs(queries(made, SnapshotManifest.VALIDATION));
        }
    }

    private Snapshot make(List<GradedPassage> labels) {
        return snapshots.make(DOCS, labels, PLAN, "service:test");
    }

    /** Query {@code qN}, asked at minute N, with document {@code dN} relevant to it. */
    private List<GradedPassage> labels(int count) {
        List<GradedPassage> labels = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            document("d" + i, words(30));
            labels.add(label("q" + i, words(8), "d" + i, i, null, false));
        }
        return labels;
    }

    private void document(String id, String text) {
        texts.put(id, text);
        standings.put(id, new DocumentStandings.Standing(3, true, false, Set.of("*")));
        store.put(DocumentKey.of(DOCS, id), text.getBytes(UTF_8));
    }

    private static GradedPassage label(
            String queryId, String query, String document, int minute, @Nullable String tag, boolean frozen) {
        return new GradedPassage(
                queryId,
                query,
                START.plusSeconds(60L * minute),
                new PassageTexts.Place(
                        DocumentKey.of(DOCS, document), PassageId.of(ContentHash.ofText(document), 0), null, null),
                3,
                null,
                1,
                tag,
                frozen);
    }

    private String words(int count) {
        return random.ints(count, 0, 100_000)
                .mapToObj(number -> "w" + Integer.toString(number, 36))
                .collect(Collectors.joining(" "));
    }

    private static Set<String> documents(Snapshot made, String slice) {
        return made.lines(slice).stream().map(line -> line.documentId().value()).collect(Collectors.toSet());
    }

    private static Set<String> queries(Snapshot made, String slice) {
        Collection<SnapshotLine> lines = made.lines(slice);
        return lines.stream().map(SnapshotLine::queryId).collect(Collectors.toSet());
    }

    private static String id(DocumentKey document) {
        return document.document().value();
    }
}
