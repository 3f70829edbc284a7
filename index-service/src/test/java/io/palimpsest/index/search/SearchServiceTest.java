package io.palimpsest.index.search;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.palimpsest.contracts.error.ErrorCode;
import io.palimpsest.contracts.error.PalimpsestException;
import io.palimpsest.contracts.event.DocumentRevised;
import io.palimpsest.contracts.id.CollectionId;
import io.palimpsest.contracts.id.CollectionKey;
import io.palimpsest.contracts.id.DocumentKey;
import io.palimpsest.index.embed.HashingEmbedder;
import io.palimpsest.index.rerank.LateInteractionReranker;
import io.palimpsest.index.revision.CurrentRevisions;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class SearchServiceTest {
    private final Corpus corpus = new Corpus();

    private static SearchRequest request(
            String query, @Nullable Instant asOf, @Nullable MinFreshness freshness, boolean rerank, boolean group) {
        return new SearchRequest(
                query, 5, SearchMode.HYBRID, FusionMethod.SCORES, 0.6f, Map.of(), asOf, freshness, rerank, true, group);
    }

    private SearchResponse search(String query) {
        return corpus.search().search(Corpus.caller("ann"), Corpus.COLLECTION, SearchRequest.of(query));
    }

    private static List<String> documents(SearchResponse response) {
        return response.hits().stream().map(hit -> hit.document().value()).toList();
    }

    @Test
    void hitsCarryTextLocationVersionAndScores() {
        corpus.add("a", "Refunds take five days.\n\nParental leave is long.");
        SearchResponse response = corpus.search()
                .search(Corpus.caller("ann"), Corpus.COLLECTION, request("parental leave", null, null, false, false));

        SearchHit best = response.hits().getFirst();
        assertThat(best.text()).isEqualTo("Parental leave is long.");
        assertThat(best.start()).isEqualTo(25);
        assertThat(best.location()).isEqualTo("a");
        assertThat(best.revision()).isEqualTo(1);
        assertThat(best.explanation()).isNotNull();
        assertThat(response.generation()).isNotNull();
        assertThat(response.tookMillis()).containsKeys("embed", "retrieve", "total");
        assertThat(response.queryId()).matches("[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}");
        assertThat(corpus.log).hasSize(1);
        assertThat(corpus.log.getFirst().queryId()).isEqualTo(response.queryId());
    }

    @Test
    void unknownAndForeignCollectionsLookAlike() {
        corpus.add("a", "Refunds take five days.");
        CollectionKey unknown = CollectionKey.of("acme", "other");
        SearchResponse foreign = corpus.search()
                .search(
                        Corpus.caller("rival", new CollectionId("docs"), "eve"),
                        Corpus.COLLECTION,
                        SearchRequest.of("refunds"));
        SearchResponse absent = corpus.search().search(Corpus.caller("ann"), unknown, SearchRequest.of("refunds"));

        for (SearchResponse response : List.of(foreign, absent)) {
            assertThat(response.hits()).isEmpty();
            assertThat(response.generation()).isNull();
            assertThat(response.notes()).isEmpty();
        }
    }

    @Test
    void deletedDocumentIsGoneBeforeTheIndexKnows() {
        corpus.add("a", "Refunds take five days.");
        corpus.delete(Corpus.COLLECTION, "a");

        assertThat(search("refunds").hits()).isEmpty();
    }

    @Test
    void hitsHeldBackAreReplacedUntilTheLimitIsFilled() {
        for (int i = 0; i < 400; i++) {
            corpus.add("gone" + i, "Refunds refunds refunds take days, says note " + i);
        }
        for (int i = 0; i < 10; i++) {
            corpus.add("kept" + i, "A long text on other things, weather and trains, that names refunds once " + i);
        }
        for (int i = 0; i < 400; i++) {
            corpus.delete(Corpus.COLLECTION, "gone" + i);
        }

        assertThat(documents(search("refunds"))).hasSize(10).allMatch(id -> id.startsWith("kept"));
    }

    @Test
    void asOfFindsTheTextOfThenUnderTheAccessOfNow() {
        corpus.add("a", "Refunds take five days.");
        Instant then = corpus.now();
        DocumentRevised changed = corpus.revise(Corpus.COLLECTION, "a", "Refunds take nine days.", "*");
        corpus.index(changed);
        SearchRequest past = request("refunds", then, null, false, false);

        assertThat(corpus.search()
                        .search(Corpus.caller("ann"), Corpus.COLLECTION, past)
                        .hits())
                .extracting(SearchHit::text)
                .containsExactly("Refunds take five days.");
        corpus.restrict(Corpus.COLLECTION, "a", "user:bob");
        assertThat(corpus.search()
                        .search(Corpus.caller("ann"), Corpus.COLLECTION, past)
                        .hits())
                .isEmpty();
    }

    @Test
    void equalPassagesOfADocumentAreShownOnce() {
        corpus.add("a", "Refunds take five days.\n\nRefunds take five days.\n\nSomething else.");

        assertThat(search("refunds take five days").hits())
                .extracting(SearchHit::text)
                .containsExactly("Refunds take five days.", "Something else.");
    }

    @Test
    void groupingShowsOneHitOfEachDocument() {
        corpus.add("a", "Refunds take five days.\n\nRefunds need a receipt.");
        corpus.add("b", "Refunds of travel take longer.");

        assertThat(documents(corpus.search()
                        .search(Corpus.caller("ann"), Corpus.COLLECTION, request("refunds", null, null, false, true))))
                .containsExactlyInAnyOrder("a", "b");
    }

    @Test
    void unreachedFreshnessIsSaidAndReachedOneIsServed() {
        corpus.add("a", "Refunds take five days.");
        corpus.appliedThrough = Instant.now().minusSeconds(60);
        SearchRequest fresh = request("refunds", null, MinFreshness.parse("PT1S"), false, false);

        assertThatThrownBy(() -> corpus.search().search(Corpus.caller("ann"), Corpus.COLLECTION, fresh))
                .isInstanceOfSatisfying(
                        PalimpsestException.class,
                        e -> assertThat(e.code()).isEqualTo(ErrorCode.FRESHNESS_NOT_REACHED));
        corpus.appliedThrough = Instant.now().plus(Duration.ofHours(1));
        assertThat(corpus.search()
                        .search(Corpus.caller("ann"), Corpus.COLLECTION, fresh)
                        .hits())
                .hasSize(1);
    }

    @Test
    void freshnessWaitsForTheViewWhereItIsBehindTheIndex() {
        DocumentRevised added = corpus.add("a", "Refunds take five days.");
        Instant begun = Instant.now();
        SearchRequest fresh = request("refunds", null, MinFreshness.parse("PT1S"), false, false);

        assertThat(documents(corpus.search(null, new LateView(added, begun, Instant.MAX))
                        .search(Corpus.caller("ann"), Corpus.COLLECTION, fresh)))
                .containsExactly("a");
        SearchService stuck = corpus.search(null, new LateView(added, begun, begun));
        assertThatThrownBy(() -> stuck.search(Corpus.caller("ann"), Corpus.COLLECTION, fresh))
                .isInstanceOfSatisfying(
                        PalimpsestException.class,
                        e -> assertThat(e.code()).isEqualTo(ErrorCode.FRESHNESS_NOT_REACHED));
        assertThat(documents(stuck.search(
                        Corpus.caller("ann"), Corpus.COLLECTION, request("refunds", null, null, false, false))))
                .isEmpty();
    }

    /** Has a document only once it was asked twice how far it is: at the start of a search, and by who waits for it. */
    private static final class LateView implements CurrentRevisions {
        private final DocumentRevised only;
        private final Instant first;
        private final Instant then;
        private int asked;

        LateView(DocumentRevised only, Instant first, Instant then) {
            this.only = only;
            this.first = first;
            this.then = then;
        }

        @Override
        public Optional<DocumentRevised> current(DocumentKey key) {
            return asked > 1 && !then.equals(first) && key.equals(only.key()) ? Optional.of(only) : Optional.empty();
        }

        @Override
        public Instant appliedThrough() {
            return asked++ == 0 ? first : then;
        }
    }

    @Test
    void failingRerankerLeavesTheFusedOrderAndIsNoted() {
        corpus.add("a", "Refunds take five days.\n\nRefunds need a receipt.");
        SearchRequest reranked = request("refunds", null, null, true, false);
        SearchResponse failed = corpus.search((query, passages) -> {
                    throw new PalimpsestException(ErrorCode.RERANKER_FAILED, "down");
                })
                .search(Corpus.caller("ann"), Corpus.COLLECTION, reranked);

        assertThat(failed.hits()).hasSize(2);
        assertThat(failed.notes()).extracting(Note::kind).containsExactly(Note.Kind.RERANKER_FAILED);
        SearchResponse served = corpus.search(
                        new LateInteractionReranker(new HashingEmbedder(), new HashingEmbedder().model()))
                .search(Corpus.caller("ann"), Corpus.COLLECTION, request("receipt", null, null, true, false));
        assertThat(served.hits().getFirst().text()).isEqualTo("Refunds need a receipt.");
        assertThat(served.notes()).isEmpty();
    }

    @Test
    void misspeltWordsAndAcronymsAreRewrittenAndNoted() {
        DocumentRevised taught = corpus.add("a", "The Paid Time Off (PTO) policy covers refunds.");
        corpus.acronyms.observe(taught.key(), "The Paid Time Off (PTO) policy covers refunds.");

        SearchResponse response = search("PTO and refnuds");

        assertThat(response.notes())
                .extracting(Note::message)
                .containsExactly("PTO → Paid Time Off", "refnuds → refunds");
        assertThat(response.hits()).hasSize(1);
    }

    @Test
    void rewritingTellsNothingOfHiddenDocuments() {
        DocumentRevised hidden =
                corpus.revise(Corpus.COLLECTION, "secret", "Project Blue Whale (PBW) starts in zanzibar.", "user:bob");
        corpus.index(hidden);
        corpus.acronyms.observe(hidden.key(), "Project Blue Whale (PBW) starts in zanzibar.");
        corpus.add("a", "Refunds take five days.");

        assertThat(search("PBW zanzibr").notes()).isEmpty();
    }
}
