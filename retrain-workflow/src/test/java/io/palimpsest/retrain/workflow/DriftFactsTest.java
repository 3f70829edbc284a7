package io.palimpsest.retrain.workflow;

import static io.palimpsest.retrain.feedback.QueryLogRows.DOCS;
import static io.palimpsest.retrain.workflow.DriftWorld.BEGAN;
import static io.palimpsest.retrain.workflow.DriftWorld.LIVE;
import static io.palimpsest.retrain.workflow.DriftWorld.NOW;
import static io.palimpsest.retrain.workflow.DriftWorld.REFERENCE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.palimpsest.contracts.error.PalimpsestException;
import io.palimpsest.platform.database.TestDatabases;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** From tables to remedies: a change of knowledge starts no training, one of behaviour no re-index. */
@SuppressWarnings("NullAway.Init") // set before each test
class DriftFactsTest {
    private static final int QUESTIONS = 40;
    private static final Instant DURING = BEGAN.plus(Duration.ofHours(1));
    private static final Instant BEFORE = BEGAN.minus(Duration.ofDays(2));

    @TempDir
    Path folder;

    private TestDatabases databases;
    private DriftWorld world;

    TestDatabases databases(Path directory) {
        return TestDatabases.files(directory);
    }

    @BeforeEach
    void open() {
        databases = databases(folder);
        world = new DriftWorld(databases);
        world.documents(100);
    }

    @AfterEach
    void close() {
        if (world != null) { // not where the test was skipped
            world.close();
            databases.close();
        }
    }

    @Test
    void staleSourceIsReindexedAndNothingIsTrained() {
        otherQuestionsAndLessContentPeople();
        for (int i = 0; i < 8; i++) {
            world.onItsWay("d" + i, NOW.minus(Duration.ofHours(1)));
        }

        assertThat(world.triage()).isEmpty();
        assertThat(world.remedy()).isEqualTo("REINDEX");
        assertThat(world.evidence()).contains("8 of 100 documents are older than their source");
    }

    @Test
    void changesOfTheLastMinutesAreOnTheirWayAndNotStale() {
        otherQuestionsAndLessContentPeople();
        for (int i = 0; i < 8; i++) {
            world.onItsWay("d" + i, NOW.minus(Duration.ofMinutes(1)));
        }

        assertThat(world.triage()).hasSize(1);
        assertThat(world.remedy()).isEqualTo("TUNE_RETRIEVER");
    }

    @Test
    void documentsAheadOfTheIndexAreStaleAlsoWithoutAChangeOfTheirOwn() {
        otherQuestionsAndLessContentPeople();
        world.sql.update(
                "UPDATE document SET revision = 2, changed_at = ? WHERE document_id IN ('d1', 'd2', 'd3')",
                NOW.minus(Duration.ofHours(1)).toEpochMilli());

        assertThat(world.triage()).isEmpty();
        assertThat(world.evidence()).contains("3 of 100 documents are older than their source");
    }

    @Test
    void failedDocumentsAreReindexedAndCountedOnce() {
        otherQuestionsAndLessContentPeople();
        for (int i = 0; i < 5; i++) {
            world.quarantined("d" + i);
            world.onItsWay("d" + i, NOW.minus(Duration.ofHours(1)));
        }

        assertThat(world.triage()).isEmpty();
        assertThat(world.remedy()).isEqualTo("REINDEX");
        assertThat(world.evidence())
                .contains("5 documents failed and cannot be found")
                .doesNotContain("older than their source");
    }

    @Test
    void questionsThatNoDocumentAnswersAreAKnowledgeGap() {
        world.alarm("query-novelty", "query-embedding");
        ask("when does the ferry leave", DURING);
        // Grades of two who see the same: 0 but for every tenth question.
        world.reviewed(
                task -> task.query().endsWith("7") ? 2 : 0, task -> task.query().endsWith("7") ? 2 : 0);
        answerAll("when does the ferry leave", "d5");

        assertThat(world.triage()).isEmpty();
        assertThat(world.remedy()).isEqualTo("KNOWLEDGE_GAP");
        assertThat(world.evidence()).contains("40 questions were judged, agreement 1.00", "a document answers 10 %");
    }

    @Test
    void questionsThatNobodyCouldAnswerAreAKnowledgeGapThoughAllGradesAreTheSame() {
        world.alarm("query-novelty");
        ask("when does the ferry leave", DURING);
        world.reviewed(task -> 0, task -> 0);

        assertThat(world.triage()).isEmpty();
        assertThat(world.remedy()).isEqualTo("KNOWLEDGE_GAP");
    }

    @Test
    void answersThatWereDeletedAreAKnowledgeGapWhateverWasJudged() {
        world.alarm("query-novelty", "feedback-success");
        ask("warmte pomp", DURING);
        world.reviewed(task -> 2, task -> 2);
        world.gone.add("d1");

        assertThat(world.triage()).isEmpty();
        assertThat(world.remedy()).isEqualTo("KNOWLEDGE_GAP");
        assertThat(world.evidence()).contains("a document answers 0 %");
    }

    @Test
    void answersThatAreThereAndNotFoundTuneTheRetrieverAndReindexNothing() {
        world.alarm("query-novelty", "feedback-success");
        ask("warmte pomp", DURING);
        world.reviewed(task -> 2, task -> 2);
        answerAll("warmte pomp", "d9"); // of now: what was shown then is not among the first 50

        List<FineTuneRequest> runs = world.triage();
        assertThat(runs).hasSize(1);
        assertThat(world.triage()).as("the same alarm, the same run").isEqualTo(runs);
        assertThat(world.remedy()).isEqualTo("TUNE_RETRIEVER");
        assertThat(world.evidence())
                .contains("a document answers 100 %", "retrieval finds the answer of 0 %")
                .doesNotContain("REINDEX");
    }

    @Test
    void answersThatAreFoundAndStandTooLowTuneTheRerankerAndNotTheRetriever() {
        world.alarm("query-novelty", "feedback-success");
        ask("warmte pomp", DURING);
        world.reviewed(task -> 2, task -> 2);
        answerAll(
                "warmte pomp",
                IntStream.range(0, 20).mapToObj(i -> "d" + (19 - i)).toArray(String[]::new)); // d1 is 19th

        assertThat(world.triage()).isEmpty();
        assertThat(world.remedy()).isEqualTo("TUNE_RERANKER");
        assertThat(world.evidence()).contains("and shows 0 % of the found among the first ten");
    }

    @Test
    void wrongAnswersFromTheRightPassagesTuneTheGenerator() {
        world.alarm("feedback-success");
        for (int i = 0; i < QUESTIONS; i++) {
            world.answered("warmte pomp " + i, DURING, i % 4 == 0, "d1");
        }
        world.reviewed(task -> 2, task -> 2);
        answerAll("warmte pomp", "d1", "d2");

        assertThat(world.triage()).isEmpty();
        assertThat(world.remedy()).isEqualTo("TUNE_GENERATOR");
        assertThat(world.evidence()).contains("of which 25 % are answered rightly");
    }

    @Test
    void rightPassagesThatNobodyWasAnsweredFromSayNothingOfAnswers() {
        world.alarm("feedback-success");
        ask("warmte pomp", DURING);
        world.reviewed(task -> 2, task -> 2);
        answerAll("warmte pomp", "d1", "d2");
        world.feedback(0, QUESTIONS, DURING, LIVE);

        assertThat(world.triage()).isEmpty();
        assertThat(world.remedy()).isEqualTo("NOTHING");
        assertThat(world.evidence()).doesNotContain("answered rightly");
    }

    @Test
    void labelsThatReviewersDisagreeOnStartNothing() {
        world.alarm("query-novelty", "feedback-success");
        ask("warmte pomp", DURING);
        world.reviewed(
                task -> task.query().hashCode() % 2 == 0 ? 1 : 0,
                task -> task.query().hashCode() % 4 < 2 ? 1 : 0);

        assertThat(world.triage()).isEmpty();
        assertThat(world.remedy()).isEqualTo("NOTHING");
        assertThat(world.evidence()).contains("reviewers do not agree");
    }

    @Test
    void labelsOfOtherTimesSayNothingOfThisAlarm() {
        world.alarm("query-novelty");
        ask("when does the ferry leave", BEFORE);
        world.reviewed(task -> 0, task -> 0);

        assertThat(world.triage()).isEmpty();
        assertThat(world.remedy()).isEqualTo("NOTHING");
        assertThat(world.evidence()).doesNotContain("questions were judged");
    }

    @Test
    void moreEmptyResultsWithKnownAnswersStillFoundAreAKnowledgeGap() {
        world.alarm("zero-results", "query-novelty");
        canaries("d1");
        world.canaries.now(DOCS);

        assertThat(world.triage()).isEmpty();
        assertThat(world.remedy()).isEqualTo("KNOWLEDGE_GAP");
        assertThat(world.evidence()).contains("canaries: nDCG@10 1.00 before, 1.00 now");
    }

    @Test
    void knownAnswersThatAreNoLongerFoundTuneTheRetriever() {
        world.alarm("canaries");
        canaries("d1");
        world.canaries.now(DOCS);
        world.clock.forward(Duration.ofHours(2));
        canaries("d2");

        assertThat(world.triage()).hasSize(1);
        assertThat(world.remedy()).isEqualTo("TUNE_RETRIEVER");
        assertThat(world.evidence()).contains("canaries: nDCG@10 1.00 before, 0.00 now", "no longer found");
    }

    @Test
    void knownAnswersThatStandLowerTuneTheReranker() {
        world.alarm("canaries");
        canaries("d1");
        world.canaries.now(DOCS);
        world.clock.forward(Duration.ofHours(2));
        canaries("d2", "d3", "d4", "d1");

        assertThat(world.triage()).isEmpty();
        assertThat(world.remedy()).isEqualTo("TUNE_RERANKER");
    }

    @Test
    void canariesOfAChangedCorpusStartNothing() {
        world.alarm("canaries");
        canaries("d1");
        world.canaries.now(DOCS);
        world.clock.forward(Duration.ofHours(2));
        canaries("d2");
        for (int i = 0; i < 40; i++) {
            world.document("d" + i, REFERENCE.plus(Duration.ofDays(1)));
        }

        assertThat(world.triage()).isEmpty();
        assertThat(world.remedy()).isEqualTo("NOTHING");
        assertThat(world.evidence()).contains("40 % of the documents have changed since the reference");
    }

    @Test
    void lessContentPeopleWithTheSameQuestionsAndRetrievalTuneTheGenerator() {
        world.alarm("feedback-success");
        canaries("d1");
        world.feedback(85, 15, BEFORE, LIVE);
        world.feedback(20, 20, DURING, LIVE);

        assertThat(world.triage()).isEmpty();
        assertThat(world.remedy()).isEqualTo("TUNE_GENERATOR");
        assertThat(world.evidence()).contains("good answers: 85 % before, 50 % now");
    }

    @Test
    void otherQuestionsThatAreServedAsWellNeedNothing() {
        world.alarm("query-embedding", "query-novelty");
        canaries("d1");
        world.feedback(85, 15, BEFORE, LIVE);
        world.feedback(34, 6, DURING, LIVE);

        assertThat(world.triage()).isEmpty();
        assertThat(world.remedy()).isEqualTo("NOTHING");
    }

    @Test
    void otherQuestionsAndLessContentPeopleTuneTheRetriever() {
        otherQuestionsAndLessContentPeople();

        assertThat(world.triage()).hasSize(1);
        assertThat(world.remedy()).isEqualTo("TUNE_RETRIEVER");
    }

    @Test
    void halfOfTheFactsDecidesNothing() {
        otherQuestionsAndLessContentPeople();
        world.index.isAway(true);

        assertThatThrownBy(() -> world.triage()).isInstanceOf(PalimpsestException.class);
        assertThat(world.sql.query("SELECT 1 FROM drift_proposal", row -> row.getInt(1)))
                .isEmpty();
    }

    private void otherQuestionsAndLessContentPeople() {
        world.alarm("query-novelty", "feedback-success");
        world.feedback(85, 15, BEFORE, LIVE);
        world.feedback(20, 20, DURING, LIVE);
    }

    private void ask(String words, Instant at) {
        for (int i = 0; i < QUESTIONS; i++) {
            world.asked(words + " " + i, at, "d1");
        }
    }

    private void answerAll(String words, String... ranking) {
        for (int i = 0; i < QUESTIONS; i++) {
            world.index.answers(LIVE, words + " " + i, Arrays.asList(ranking));
        }
    }

    /** Whose answer is d1, and which are answered so now. */
    private void canaries(String... ranking) {
        for (int i = 0; i < QUESTIONS; i++) {
            world.canary("known " + i, "d1", ranking);
        }
    }
}
