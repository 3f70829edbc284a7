package io.palimpsest.retrain.canary;

import static io.palimpsest.retrain.feedback.QueryLogRows.DOCS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.palimpsest.contracts.error.PalimpsestException;
import io.palimpsest.contracts.event.DriftMeasured;
import io.palimpsest.contracts.id.CollectionKey;
import io.palimpsest.contracts.id.GenerationId;
import io.palimpsest.platform.database.Database;
import io.palimpsest.platform.database.TestDatabases;
import io.palimpsest.retrain.drift.CorpusFacts;
import io.palimpsest.retrain.drift.ReferenceStore;
import io.palimpsest.retrain.feedback.MovableClock;
import io.palimpsest.retrain.judgement.DocumentStandings;
import io.palimpsest.retrain.judgement.JudgedQuestion;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@SuppressWarnings("NullAway.Init") // set before each test
class CanariesTest {
    private static final String FIRST = "acme.docs.000000000001";
    private static final String SECOND = "acme.docs.000000000002";
    private static final Duration EVERY = Duration.ofHours(1);
    private static final int QUESTIONS = 30;

    @TempDir
    Path folder;

    private final MovableClock clock = new MovableClock(Instant.parse("2026-11-01T12:00:00Z"));
    private final ScriptedIndex index = new ScriptedIndex(FIRST);
    private final List<JudgedQuestion> questions = new ArrayList<>();
    private final List<DriftMeasured> told = new ArrayList<>();
    private @Nullable Instant referenceTaken;
    private TestDatabases databases;
    private Database database;
    private CanaryStore store;
    private Canaries canaries;
    private CanaryWatch watch;

    TestDatabases databases(Path directory) {
        return TestDatabases.files(directory);
    }

    @BeforeEach
    void open() {
        databases = databases(folder);
        database = Database.open(databases.fresh());
        store = new CanaryStore(database.sql());
        DocumentStandings standings = document -> Optional.of(
                new DocumentStandings.Standing(1, !document.document().value().startsWith("gone"), false, Set.of("*")));
        canaries = new Canaries(new Canaries.Parts(
                collection -> List.copyOf(questions),
                standings,
                index,
                store,
                collection -> Optional.ofNullable(referenceTaken),
                QUESTIONS,
                EVERY,
                clock));
        watch = watch();
        for (int i = 0; i < QUESTIONS; i++) {
            questions.add(new JudgedQuestion("k" + i, "known " + i, Map.of("d" + i, 2), false));
        }
        answer(FIRST, 0);
    }

    private CanaryWatch watch() {
        return new CanaryWatch(
                new CanaryWatch.Parts(
                        canaries,
                        store,
                        new CorpusFacts(database.sql(), new ReferenceStore(database.sql()), clock),
                        EVERY,
                        Duration.ofDays(1),
                        0.01,
                        clock),
                () -> List.of(DOCS),
                told::add);
    }

    @AfterEach
    void close() {
        if (database != null) { // not where the test was skipped
            watch.close();
            database.close();
            databases.close();
        }
    }

    @Test
    void generationIsHeldToWhatItAnsweredFirst() {
        assertThat(measured().ndcgBefore()).isEqualTo(1);
        assertThat(measured().overlap()).isEqualTo(1);

        answer(FIRST, 2); // two other documents stand before each answer
        CanaryMeasurement now = measured();

        assertThat(now.ndcgBefore()).isEqualTo(1);
        assertThat(now.ndcg()).isEqualTo(0.5);
        assertThat(now.recall()).isEqualTo(1);
        assertThat(now.chance()).isLessThan(0.001);
        assertThat(now.generation()).isEqualTo(new GenerationId(FIRST));
    }

    @Test
    void anotherGenerationHasABaselineOfItsOwn() {
        measured();
        answer(SECOND, 2);
        index.goesLive(SECOND);

        assertThat(measured().ndcgBefore()).isEqualTo(0.5);
        assertThat(measured().chance()).isEqualTo(1);
        assertThat(canaries.differences(DOCS, new GenerationId(FIRST), new GenerationId(SECOND), done -> {}))
                .hasSize(QUESTIONS)
                .containsOnly(-0.5);
    }

    @Test
    void referenceThatIsTakenAnewTakesTheBaselineAnew() {
        measured();
        answer(FIRST, 2);
        clock.forward(EVERY);
        referenceTaken = clock.instant();

        assertThat(measured().ndcgBefore()).isEqualTo(0.5);
        clock.forward(EVERY);
        assertThat(measured().ndcgBefore()).isEqualTo(0.5);
    }

    @Test
    void questionsWhoseAnswersAreGoneAreNotAskedAndFrozenOnesComeFirst() {
        questions.clear();
        questions.add(new JudgedQuestion("a", "lost", Map.of("gone", 3, "d1", 0), false));
        for (int i = 0; i < QUESTIONS; i++) {
            questions.add(new JudgedQuestion("b" + i, "known " + i, Map.of("d" + i, 1), false));
        }
        questions.add(new JudgedQuestion("z", "frozen", Map.of("d1", 1), true));

        assertThat(measured().questions()).isEqualTo(QUESTIONS);
        assertThat(store.baseline(DOCS, new GenerationId(FIRST), Instant.EPOCH))
                .containsKey("z")
                .doesNotContainKey("a");
    }

    @Test
    void answerThatWasDeletedIsNoLossWhereAnotherOneIsThere() {
        questions.clear();
        questions.add(new JudgedQuestion("a", "known 1", Map.of("d1", 1, "gone", 3), false));

        assertThat(measured().ndcg()).isEqualTo(1);
        assertThat(measured().recall()).isEqualTo(1);
    }

    @Test
    void tablesNameNoDocuments() {
        measured();

        assertThat(database.sql().query("SELECT found FROM canary_baseline", row -> row.getString(1)))
                .hasSize(QUESTIONS)
                .allSatisfy(shown -> assertThat(shown).matches("[0-9a-f]{16}"));
    }

    @Test
    void whatIsJudgedSinceIsNoLoss() {
        answer(FIRST, 2);
        measured();
        for (int i = 0; i < QUESTIONS; i++) {
            questions.set(
                    i, new JudgedQuestion("k" + i, "known " + i, Map.of("d" + i, 2, "other1", 3, "far", 3), false));
        }
        CanaryMeasurement now = measured();

        assertThat(now.ndcg()).isEqualTo(now.ndcgBefore()).isLessThan(0.5);
        assertThat(now.recall()).isEqualTo(now.recallBefore()).isLessThan(0.7);
        assertThat(now.chance()).isEqualTo(1);
    }

    @Test
    void collectionWithoutAnIndexHasNoCanaries() {
        assertThat(canaries.measure(CollectionKey.of("other", "docs"))).isEmpty();
    }

    @Test
    void eachWindowIsToldOnceWhoeverLooks() {
        watch.look();
        watch.look();
        try (CanaryWatch other = watch()) {
            other.look();
        }

        assertThat(of(false)).hasSize(2).noneMatch(DriftMeasured::crossed);
        clock.forward(EVERY);
        watch.look();
        assertThat(of(false))
                .extracting(DriftMeasured::windowId)
                .doesNotHaveDuplicates()
                .hasSize(4);
    }

    @Test
    void lostRanksAndOtherDocumentsCross() {
        watch.look();
        clock.forward(EVERY);
        answer(FIRST, 20);
        watch.look();

        assertThat(of(false).subList(2, 4))
                .allMatch(DriftMeasured::crossed)
                .extracting(DriftMeasured::signal)
                .containsExactly("canaries", "canary-overlap");
    }

    @Test
    void otherDocumentsDoNotCrossWhereDocumentsHaveChanged() {
        watch.look();
        clock.forward(EVERY);
        for (int i = 0; i < 10; i++) {
            database.sql()
                    .update(
                            "INSERT INTO document (document_key, tenant, collection, document_id, state, version, revision,"
                                    + " indexed_version, indexed_revision, passages, changed_at)"
                                    + " VALUES (?, 'acme', 'docs', ?, 'LIVE', 1, 1, 1, 1, 6, ?)",
                            "k" + i,
                            "d" + i,
                            i < 4 ? clock.millis() : 0);
        }
        database.sql()
                .update(
                        "INSERT INTO drift_reference (tenant, collection, reference_id, model, from_at, to_at, samples, taken_at,"
                                + " taken_by, reference) VALUES ('acme', 'docs', 'r', 'm', 0, 5, 500, 5, 'palimpsest', '{}')");
        answer(FIRST, 20);
        watch.look();

        assertThat(of(false).getLast().signal()).isEqualTo("canary-overlap");
        assertThat(of(false).getLast().threshold()).as("0.2 and twice 0.4").isNull();
    }

    @Test
    void selfTestCrossesOnceADayAndAfterARestartHasTheSameId() {
        watch.look();
        try (CanaryWatch other = watch()) {
            clock.forward(EVERY);
            other.look();
        }
        watch.look();

        assertThat(of(true)).hasSize(4).allMatch(DriftMeasured::crossed);
        assertThat(of(true).stream().map(DriftMeasured::windowId).distinct()).hasSize(2);
        clock.forward(Duration.ofDays(1));
        watch.look();
        assertThat(of(true)).hasSize(6);
    }

    @Test
    void tooFewQuestionsCrossNothing() {
        questions.subList(19, QUESTIONS).clear();
        watch.look();
        clock.forward(EVERY);
        answer(FIRST, 20);
        watch.look();

        assertThat(told).allMatch(one -> one.threshold() == null && !one.crossed());
    }

    @Test
    void nothingIsKeptWhileTheIndexIsAway() {
        index.isAway(true);
        watch.look();
        assertThatThrownBy(() -> canaries.now(DOCS)).isInstanceOf(PalimpsestException.class);
        assertThat(store.newest(DOCS)).isEmpty();
        assertThat(store.lowest(CanaryStore.Figure.NDCG, Instant.EPOCH)).isNaN();

        index.isAway(false);
        watch.look();
        assertThat(store.newest(DOCS)).isPresent();
        assertThat(store.lowest(CanaryStore.Figure.OVERLAP, Instant.EPOCH)).isEqualTo(1);
    }

    private CanaryMeasurement measured() {
        return canaries.measure(DOCS).orElseThrow();
    }

    private List<DriftMeasured> of(boolean selfTest) {
        return told.stream().filter(one -> one.selfTest() == selfTest).toList();
    }

    /** With so many other documents before each answer. */
    private void answer(String generation, int before) {
        for (int i = 0; i < QUESTIONS; i++) {
            List<String> ranking = new ArrayList<>();
            for (int j = 0; j < before; j++) {
                ranking.add("other" + j);
            }
            ranking.add("d" + i);
            index.answers(generation, "known " + i, ranking);
        }
    }
}
