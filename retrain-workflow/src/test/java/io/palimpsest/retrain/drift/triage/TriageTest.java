package io.palimpsest.retrain.drift.triage;

import static org.assertj.core.api.Assertions.assertThat;

import io.palimpsest.retrain.drift.triage.Facts.Canaries;
import io.palimpsest.retrain.drift.triage.Facts.Change;
import io.palimpsest.retrain.drift.triage.Facts.Corpus;
import io.palimpsest.retrain.drift.triage.Facts.Labels;
import java.util.List;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class TriageTest {
    private static final Triage TRIAGE = new Triage(Triage.Limits.usual(), Rates.measured());
    private static final Corpus SERVED = new Corpus(10_000, 0, 0, 60_000, 0.01);
    private static final Set<String> OTHER_QUESTIONS = Set.of("query-embedding", "query-novelty");
    private static final Change FELL = new Change(0.85, 0.6);
    private static final Change HELD = new Change(0.85, 0.84);

    @Test
    void staleDocumentsAreReindexedHoweverBadTheRestLooks() {
        Proposal proposal = decided(new Facts(
                OTHER_QUESTIONS,
                new Corpus(10_000, 900, 0, 60_000, 0.1),
                FELL,
                canaries(0.5, 0.5),
                labels(0.9, 0.4, 0.4)));

        assertThat(proposal.remedy()).isEqualTo(Remedy.REINDEX);
        assertThat(proposal.cost().passages()).isEqualTo(5_400);
        assertThat(proposal.evidence()).anyMatch(line -> line.startsWith("900 of 10000 documents"));
    }

    @Test
    void failedDocumentsAreReindexed() {
        Proposal proposal =
                decided(new Facts(Set.of("zero-results"), new Corpus(1_000, 0, 80, 6_000, 0), null, null, null));

        assertThat(proposal.remedy()).isEqualTo(Remedy.REINDEX);
    }

    @Test
    void questionsThatNoDocumentAnswersAreAKnowledgeGap() {
        Proposal proposal = decided(new Facts(OTHER_QUESTIONS, SERVED, FELL, null, labels(0.2, 0.9, 0.9)));

        assertThat(proposal.remedy()).isEqualTo(Remedy.KNOWLEDGE_GAP);
        assertThat(proposal.cost().cpuSeconds()).isZero();
    }

    @Test
    void moreEmptyResultsWithKnownAnswersStillFoundAreAKnowledgeGap() {
        Proposal proposal =
                decided(new Facts(Set.of("zero-results", "query-novelty"), SERVED, FELL, canaries(0.8, 0.9), null));

        assertThat(proposal.remedy()).isEqualTo(Remedy.KNOWLEDGE_GAP);
    }

    @Test
    void answersThatRetrievalMissesTuneTheRetriever() {
        Proposal proposal = decided(new Facts(OTHER_QUESTIONS, SERVED, FELL, null, labels(0.9, 0.5, 0.9)));

        assertThat(proposal.remedy()).isEqualTo(Remedy.TUNE_RETRIEVER);
        assertThat(proposal.cost().passages()).as("embedded anew").isEqualTo(60_000);
        assertThat(proposal.cost().cpuSeconds()).isGreaterThan(128 * 2.5);
    }

    @Test
    void answersThatStandTooLowTuneTheReranker() {
        Proposal proposal = decided(new Facts(OTHER_QUESTIONS, SERVED, FELL, null, labels(0.9, 0.95, 0.5)));

        assertThat(proposal.remedy()).isEqualTo(Remedy.TUNE_RERANKER);
        assertThat(proposal.cost().passages()).isZero();
    }

    @Test
    void wrongAnswersFromTheRightPassagesTuneTheGenerator() {
        Facts facts =
                new Facts(Set.of("feedback-success"), SERVED, FELL, null, new Labels(100, 0.8, 0.95, 0.95, 0.95, 0.5));

        assertThat(decided(facts).remedy()).isEqualTo(Remedy.TUNE_GENERATOR);
    }

    @Test
    void lessContentPeopleWithTheSameQuestionsAndRetrievalTuneTheGenerator() {
        Proposal proposal = decided(new Facts(Set.of("feedback-success"), SERVED, FELL, canaries(0.8, 0.9), null));

        assertThat(proposal.remedy()).isEqualTo(Remedy.TUNE_GENERATOR);
        assertThat(proposal.cost().labels()).as("to be collected first").isEqualTo(200);
    }

    @Test
    void otherQuestionsThatAreServedAsWellNeedNothing() {
        Proposal proposal = decided(new Facts(OTHER_QUESTIONS, SERVED, HELD, canaries(0.8, 0.9), null));

        assertThat(proposal.remedy()).isEqualTo(Remedy.NOTHING);
        assertThat(proposal.cost().cpuSeconds()).isZero();
    }

    @Test
    void labelsThatReviewersDisagreeOnStartNothing() {
        Facts facts = new Facts(OTHER_QUESTIONS, SERVED, FELL, null, new Labels(200, 0.3, 0.9, 0.3, 0.3, null));

        assertThat(decided(facts).remedy()).isEqualTo(Remedy.NOTHING);
    }

    @Test
    void otherQuestionsAndLessContentPeopleTuneTheRetrieverOnceLabelsAreThere() {
        Proposal proposal = decided(new Facts(OTHER_QUESTIONS, SERVED, FELL, null, null));

        assertThat(proposal.remedy()).isEqualTo(Remedy.TUNE_RETRIEVER);
        assertThat(proposal.cost().labels()).isEqualTo(200);
        assertThat(proposal.cost().labelHours()).isEqualTo(5);
    }

    @Test
    void knownAnswersThatStandLowerTuneTheReranker() {
        Proposal proposal = decided(new Facts(Set.of("canaries"), SERVED, null, canaries(0.6, 0.9), null));

        assertThat(proposal.remedy()).isEqualTo(Remedy.TUNE_RERANKER);
    }

    @Test
    void canariesOfAChangedCorpusStartNothing() {
        Corpus changed = new Corpus(10_000, 0, 0, 60_000, 0.4);

        Proposal proposal = decided(new Facts(Set.of("top-similarity"), changed, HELD, canaries(0.5, 0.6), null));
        assertThat(proposal.remedy()).isEqualTo(Remedy.NOTHING);
        assertThat(proposal.evidence()).anyMatch(line -> line.startsWith("40 % of the documents have changed"));
    }

    @Property(tries = 2_000)
    void staleSourcesAndKnowledgeGapsNeverTrainAndServedDocumentsAreNeverReindexed(@ForAll("facts") Facts facts) {
        List<Proposal> proposals = TRIAGE.of(facts);
        boolean trains = proposals.stream().anyMatch(p -> p.remedy().trains());
        boolean reindexes = proposals.stream().anyMatch(p -> p.remedy() == Remedy.REINDEX);
        Corpus corpus = facts.corpus();
        boolean unserved = corpus.stale() + corpus.failed() > 0.02 * corpus.documents();
        Labels labels = facts.labels();

        assertThat(proposals).isNotEmpty();
        assertThat(trains && reindexes).isFalse();
        if (unserved) {
            assertThat(trains).as("stale").isFalse();
        }
        if (labels != null && labels.judged() >= 30 && labels.agreement() >= 0.667 && labels.answerable() < 0.5) {
            assertThat(trains).as("gap").isFalse();
        }
        if (corpus.stale() + corpus.failed() == 0) {
            assertThat(reindexes).as("behaviour").isFalse();
        }
        assertThat(proposals).allSatisfy(p -> assertThat(p.evidence()).isNotEmpty());
    }

    @Provide
    Arbitrary<Facts> facts() {
        Arbitrary<Double> share = Arbitraries.doubles().between(0, 1);
        Arbitrary<Set<String>> signals = Arbitraries.of(
                        "query-embedding",
                        "query-novelty",
                        "query-length",
                        "top-similarity",
                        "zero-results",
                        "feedback-success")
                .set();
        Arbitrary<Corpus> corpus = Combinators.combine(
                        Arbitraries.integers().between(100, 1_000),
                        Arbitraries.integers().between(0, 50),
                        Arbitraries.integers().between(0, 50),
                        share)
                .as((documents, stale, failed, changed) ->
                        new Corpus(documents, stale, failed, documents * 6L, changed));
        Arbitrary<@Nullable Change> change =
                Combinators.combine(share, share).as(Change::new).injectNull(0.3);
        Arbitrary<@Nullable Canaries> canaries = Combinators.combine(share, share, share, share)
                .as((a, b, c, d) -> new Canaries(new Change(a, b), new Change(c, d)))
                .injectNull(0.3);
        Arbitrary<@Nullable Labels> labels = Combinators.combine(
                        Arbitraries.integers().between(0, 100), share, share, share, share, share.injectNull(0.3))
                .as((judged, agreement, answerable, retrieved, ranked, answered) ->
                        new Labels(judged, agreement, answerable, retrieved, ranked, answered))
                .injectNull(0.3);
        return Combinators.combine(signals, corpus, change, canaries, labels).as(Facts::new);
    }

    private static Proposal decided(Facts facts) {
        return TRIAGE.of(facts).getFirst();
    }

    /** Recall was 0.9 before, nDCG 0.8. */
    private static Canaries canaries(double ndcg, double recall) {
        return new Canaries(new Change(0.8, ndcg), new Change(0.9, recall));
    }

    private static Labels labels(double answerable, double retrieved, double rankedWell) {
        return new Labels(100, 0.8, answerable, retrieved, rankedWell, null);
    }
}
