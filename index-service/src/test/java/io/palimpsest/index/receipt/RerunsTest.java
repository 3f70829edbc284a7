package io.palimpsest.index.receipt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.palimpsest.contracts.error.ErrorCode;
import io.palimpsest.contracts.error.PalimpsestException;
import io.palimpsest.contracts.event.DocumentRevised;
import io.palimpsest.contracts.id.CollectionKey;
import io.palimpsest.contracts.id.DocumentId;
import io.palimpsest.contracts.id.DocumentKey;
import io.palimpsest.contracts.id.GenerationId;
import io.palimpsest.index.generation.LiveGenerations;
import io.palimpsest.index.generation.Serving;
import io.palimpsest.index.querylog.QueryRecord;
import io.palimpsest.index.rerank.Reranker;
import io.palimpsest.index.search.Corpus;
import io.palimpsest.index.search.FusionMethod;
import io.palimpsest.index.search.SearchMode;
import io.palimpsest.index.search.SearchRequest;
import io.palimpsest.index.search.SearchService;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class RerunsTest {
    private final Corpus corpus = new Corpus();
    private final SearchService search = corpus.searchAsTimeGoesBy(null);

    @Test
    void nothingHappenedSinceAndItIsIdenticalAndLeavesNoTrace() {
        corpus.add("a", "Refunds take five days.");
        corpus.add("b", "Refunds of deposits take long.");
        QueryRecord asked = ask("refunds");
        Rerun rerun = rerun(asked);
        assertThat(rerun.verdict()).as(rerun.explanation()).isEqualTo(Rerun.Verdict.IDENTICAL);
        assertThat(rerun.passages()).isEqualTo(2);
        assertThat(corpus.log).hasSize(1);
    }

    @Test
    void editsAndDeletesSinceDoNotChangeWhatWasShownThen() {
        corpus.add("a", "Refunds take five days.");
        corpus.add("b", "Refunds of deposits take long.");
        QueryRecord asked = ask("refunds");
        corpus.add("a", "Refunds take seven days now.");
        corpus.index(corpus.delete(Corpus.COLLECTION, "b"));
        corpus.add("c", "Refunds refunds refunds.");
        assertThat(ask("refunds").shown())
                .extracting(hit -> hit.document().value())
                .doesNotContain("b");

        Rerun rerun = rerun(asked);
        assertThat(rerun.verdict())
                .as(rerun.explanation() + rerun.differences())
                .isIn(Rerun.Verdict.IDENTICAL, Rerun.Verdict.SCORES_MOVED);
        assertThat(rerun.differences()).isEmpty();
    }

    @Test
    void whatTheAskerMayNotSeeTodayIsMissedWithItsCause() {
        corpus.add("a", "Refunds take five days.");
        corpus.add("b", "Refunds of deposits take long.");
        QueryRecord asked = ask("refunds");
        corpus.restrict(Corpus.COLLECTION, "b", "group:board");
        assertThat(rerun(asked).differences()).singleElement().satisfies(difference -> {
            assertThat(difference.document()).isEqualTo(new DocumentId("b"));
            assertThat(difference.now()).isNull();
            assertThat(difference.cause()).isEqualTo(Rerun.Cause.ACCESS_CHANGED);
        });
        corpus.store.eraseDocument(DocumentKey.of(Corpus.COLLECTION, "b"));
        assertThat(rerun(asked).differences())
                .singleElement()
                .extracting(Rerun.Difference::cause)
                .isEqualTo(Rerun.Cause.ERASED);
    }

    @Test
    void whatTheIndexHadNotYetIsSaidToHaveBeenBehind() {
        corpus.add("a", "Refunds take five days.");
        corpus.appliedThrough = corpus.now();
        DocumentRevised late = corpus.revise(Corpus.COLLECTION, "late", "Refunds of deposits take long.", "*");
        QueryRecord asked = ask("refunds");
        assertThat(asked.shown()).hasSize(1);
        corpus.index(late);
        assertThat(rerun(asked).differences()).singleElement().satisfies(difference -> {
            assertThat(difference.was()).isNull();
            assertThat(difference.cause()).isEqualTo(Rerun.Cause.INDEX_WAS_BEHIND);
        });
    }

    @Test
    void aGenerationThatWasDroppedIsTheReasonWhyNot() {
        corpus.add("a", "Refunds take five days.");
        QueryRecord asked = ask("refunds");
        LiveGenerations without = new LiveGenerations() {
            @Override
            public Optional<Serving> live(CollectionKey collection) {
                return corpus.generations().live(collection);
            }

            @Override
            public Optional<Serving> retained(CollectionKey collection, GenerationId generation) {
                return Optional.empty();
            }
        };
        Rerun rerun = new Reruns(search, without, corpus, corpus.store).of(asked);
        assertThat(rerun.verdict()).isEqualTo(Rerun.Verdict.IMPOSSIBLE);
        assertThat(rerun.reason()).isEqualTo(Rerun.Reason.GENERATION_DROPPED);
    }

    @Test
    void historyThatIsNotKeptIsTheReasonWhyNot() {
        corpus.add("a", "Refunds take five days.");
        QueryRecord asked = ask("refunds");
        QueryRecord old = at(asked, Instant.parse("1600-01-01T00:00:00Z"));
        assertThat(rerun(old).reason()).isEqualTo(Rerun.Reason.HISTORY_EXPIRED);
    }

    @Test
    void aRerankerThatIsGoneIsTheReasonWhyNot() {
        corpus.add("a", "Refunds take five days.");
        Reranker reranker = new Reranker() {
            @Override
            public List<Float> scores(String query, List<String> passages) {
                return passages.stream()
                        .map(passage -> (float) passage.length())
                        .toList();
            }

            @Override
            public String model() {
                return "by-length/1";
            }
        };
        SearchService reranking = corpus.searchAsTimeGoesBy(reranker);
        SearchRequest request = new SearchRequest(
                "refunds", 5, SearchMode.HYBRID, FusionMethod.SCORES, 0.5f, Map.of(), null, null, true, false, false);
        reranking.search(Corpus.caller("ann"), Corpus.COLLECTION, request);
        QueryRecord asked = corpus.log.getLast();
        assertThat(new Reruns(reranking, corpus.generations(), corpus, corpus.store)
                        .of(asked)
                        .verdict())
                .isEqualTo(Rerun.Verdict.IDENTICAL);
        assertThat(rerun(asked).reason()).isEqualTo(Rerun.Reason.RERANKER_GONE);
    }

    @Test
    void aRecordThatDoesNotSayEnoughIsRefused() {
        corpus.add("a", "Refunds take five days.");
        QueryRecord asked = ask("refunds");
        QueryRecord older = new QueryRecord(
                asked.queryId(),
                asked.collection(),
                asked.caller(),
                asked.principals(),
                asked.request(),
                asked.generation(),
                asked.model(),
                false,
                false,
                asked.shown(),
                asked.askedAt(),
                null);
        assertThatThrownBy(() -> rerun(older))
                .isInstanceOfSatisfying(
                        PalimpsestException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.RECEIPT_NOT_KEPT));
    }

    private static QueryRecord at(QueryRecord asked, Instant moment) {
        return new QueryRecord(
                asked.queryId(),
                asked.collection(),
                asked.caller(),
                asked.principals(),
                asked.request(),
                asked.generation(),
                asked.model(),
                false,
                false,
                asked.shown(),
                moment,
                asked.detail());
    }

    private QueryRecord ask(String words) {
        search.search(Corpus.caller("ann", "staff"), Corpus.COLLECTION, SearchRequest.of(words));
        return corpus.log.getLast();
    }

    private Rerun rerun(QueryRecord asked) {
        return new Reruns(search, corpus.generations(), corpus, corpus.store).of(asked);
    }
}
