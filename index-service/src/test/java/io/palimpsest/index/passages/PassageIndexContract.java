package io.palimpsest.index.passages;

import static io.palimpsest.index.passages.Corpus.ALICE;
import static io.palimpsest.index.passages.Corpus.GENERATION;
import static io.palimpsest.index.passages.Corpus.day;
import static io.palimpsest.index.passages.Corpus.delete;
import static io.palimpsest.index.passages.Corpus.id;
import static io.palimpsest.index.passages.Corpus.key;
import static io.palimpsest.index.passages.Corpus.put;
import static io.palimpsest.index.passages.Corpus.vector;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.palimpsest.contracts.error.ErrorCode;
import io.palimpsest.contracts.error.PalimpsestException;
import io.palimpsest.contracts.id.CollectionKey;
import io.palimpsest.contracts.id.DocumentId;
import io.palimpsest.contracts.id.DocumentKey;
import io.palimpsest.contracts.id.GenerationId;
import io.palimpsest.contracts.id.PassageId;
import io.palimpsest.index.passages.ApplyResult.Applied;
import io.palimpsest.index.passages.ApplyResult.Ignored;
import io.palimpsest.index.passages.ApplyResult.Outcome;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every index of passages must do. */
public abstract class PassageIndexContract {
    private static final GenerationId G = GENERATION.id();

    protected PassageIndex index;

    /** Opens the index again over what was written before; one without storage returns the same. */
    protected abstract PassageIndex open();

    protected PassageIndexContract() {
        index = new InMemoryPassageIndex();
    }

    @BeforeEach
    void openIndex() {
        index = open();
        index.createGeneration(GENERATION);
    }

    @AfterEach
    void closeIndex() {
        index.close();
    }

    protected final List<Outcome> apply(DocumentWrite... writes) {
        return index.apply(G, List.of(writes)).outcomes();
    }

    private LegHits search(PassageQuery query) {
        return index.search(G, query);
    }

    private List<PassageId> near(@Nullable Instant asOf, Set<String> principals) {
        return search(PassageQuery.of(vector("alpha"), null, 100, principals).withAsOf(asOf)).vector().stream()
                .map(ScoredPassage::passage)
                .toList();
    }

    private List<PassageId> visible() {
        return near(null, ALICE);
    }

    @Test
    void revisionIsFoundOnBothLegsWithItsVersionAndReference() {
        assertThat(apply(put("a", 1, "alpha beta", "gamma delta"))).containsExactly(new Applied(key("a"), 1, 2, 0, 0));
        LegHits hits = search(PassageQuery.of(vector("alpha beta"), "gamma", 10, ALICE));
        assertThat(hits.vector()).hasSize(2);
        ScoredPassage best = hits.vector().getFirst();
        assertThat(best.passage()).isEqualTo(id("alpha beta"));
        assertThat(best.score()).isBetween(0.9999f, 1f);
        assertThat(best.version()).isEqualTo(1);
        assertThat(best.reference()).isEqualTo("{\"v\":1}");
        assertThat(hits.keyword()).extracting(ScoredPassage::passage).containsExactly(id("gamma delta"));
        assertThat(hits.keyword().getFirst().score()).isPositive();
    }

    @Test
    void sameVersionAgainIsIgnoredAndReported() {
        apply(put("a", 3, "alpha"));
        assertThat(apply(put("a", 3, "other"))).containsExactly(new Ignored(key("a"), 3, 3));
        assertThat(visible()).containsExactly(id("alpha"));
    }

    @Test
    void olderVersionIsIgnoredAndReported() {
        apply(put("a", 3, "alpha"));
        assertThat(apply(put("a", 2, "old"), delete("a", 1)))
                .containsExactly(new Ignored(key("a"), 2, 3), new Ignored(key("a"), 1, 3));
        assertThat(visible()).containsExactly(id("alpha"));
    }

    @Test
    void writesToOneDocumentInOneBatchTakeEffectInTheirOrder() {
        List<Outcome> outcomes =
                apply(put("a", 1, "x", "y"), put("b", 1, "z"), put("a", 2, "y", "w"), put("a", 1, "late"));
        assertThat(outcomes)
                .containsExactly(
                        new Applied(key("a"), 1, 2, 0, 0),
                        new Applied(key("b"), 1, 1, 0, 0),
                        new Applied(key("a"), 2, 1, 1, 1),
                        new Ignored(key("a"), 1, 2));
        assertThat(visible()).containsExactlyInAnyOrder(id("y"), id("w"), id("z"));
        assertThat(near(day(1), ALICE)).containsExactlyInAnyOrder(id("x"), id("y"), id("z"));
    }

    @Test
    void unchangedPassagesStayUntouchedAndRemovedOnesEnd() {
        apply(put("a", 1, "one", "two", "three"));
        assertThat(apply(put("a", 2, "one", "three", "four"))).containsExactly(new Applied(key("a"), 2, 1, 2, 1));
        assertThat(index.counts(G)).isEqualTo(new IndexCounts(1, 3, 1));
        assertThat(search(PassageQuery.of(vector("one"), null, 9, ALICE)).vector())
                .allSatisfy(hit -> assertThat(hit.version()).isEqualTo(2));
    }

    @Test
    void deletedDocumentIsGoneFromBothLegs() {
        apply(put("a", 1, "alpha"), put("b", 1, "alpha beta"));
        assertThat(apply(delete("a", 2))).containsExactly(new Applied(key("a"), 2, 0, 0, 1));
        LegHits hits = search(PassageQuery.of(vector("alpha"), "alpha", 10, ALICE));
        assertThat(hits.vector()).extracting(ScoredPassage::document).containsExactly(key("b"));
        assertThat(hits.keyword()).extracting(ScoredPassage::document).containsExactly(key("b"));
        assertThat(index.document(G, key("a"), null)).isEmpty();
        assertThat(index.counts(G)).isEqualTo(new IndexCounts(1, 1, 1));
    }

    @Test
    void lateWriteDoesNotBringBackDeletedDocument() {
        apply(put("a", 1, "alpha"), delete("a", 5));
        assertThat(apply(put("a", 4, "alpha"))).containsExactly(new Ignored(key("a"), 4, 5));
        assertThat(visible()).isEmpty();
        apply(delete("never-seen", 7));
        assertThat(apply(put("never-seen", 6, "alpha"))).containsExactly(new Ignored(key("never-seen"), 6, 7));
        assertThat(apply(put("a", 6, "alpha"))).containsExactly(new Applied(key("a"), 6, 1, 0, 0));
        assertThat(visible()).containsExactly(id("alpha"));
    }

    @Test
    void erasedDocumentLeavesNoTraceAndOthersStay() {
        apply(
                put("a", 1, "alpha", "secretword"),
                put("b", 1, "beta", "alpha"),
                put("a", 2, "alpha", "later"),
                delete("a", 3));
        assertThat(index.traces(G, key("a"))).isPositive();

        assertThat(index.erase(G, key("a"))).isPositive();

        assertThat(index.traces(G, key("a"))).isZero();
        assertThat(index.termFrequency(G, "secretword")).isZero();
        assertThat(index.traces(G, key("b"))).isPositive();
        assertThat(search(PassageQuery.of(vector("alpha"), "alpha", 10, ALICE)).keyword())
                .allMatch(hit -> hit.document().equals(key("b")))
                .isNotEmpty();
        assertThat(index.erase(G, key("a"))).isZero();
    }

    @Test
    void readersSeeTheOldSetOrTheNewOneNeverAMix() throws InterruptedException {
        String[][] sets = {{"a0", "a1", "a2", "shared"}, {"b0", "b1", "shared"}};
        apply(put("a", 1, sets[1]));
        List<Set<PassageId>> allowed = List.of(ids(sets[0]), ids(sets[1]));
        AtomicBoolean stop = new AtomicBoolean();
        CountDownLatch reading = new CountDownLatch(1);
        CompletableFuture<Void> reader = CompletableFuture.runAsync(
                () -> {
                    while (!stop.get()) {
                        List<ScoredPassage> hits = search(PassageQuery.of(vector("alpha"), null, 100, ALICE))
                                .vector();
                        Set<PassageId> seen = new HashSet<>();
                        hits.forEach(hit -> seen.add(hit.passage()));
                        assertThat(allowed).contains(seen);
                        assertThat(hits).hasSize(seen.size());
                        assertThat(hits)
                                .allSatisfy(hit -> assertThat(ids(sets[(int) (hit.version() % 2)]))
                                        .isEqualTo(seen));
                        reading.countDown();
                    }
                },
                command -> Thread.ofPlatform().daemon().start(command));
        // An index in memory would be through before a thread starts.
        assertThat(reading.await(30, TimeUnit.SECONDS)).isTrue();
        for (int version = 2; version < 40; version++) {
            apply(put("a", version, sets[version % 2]));
        }
        stop.set(true);
        reader.join();
    }

    private static Set<PassageId> ids(String... texts) {
        Set<PassageId> ids = new HashSet<>();
        for (String text : texts) {
            ids.add(id(text));
        }
        return ids;
    }

    @Test
    void hiddenDocumentsTakeNoPlaceInTheRanking() {
        List<DocumentWrite> writes = new ArrayList<>();
        AccessList hr = AccessList.of("group:hr");
        for (int i = 0; i < 1000; i++) {
            DocumentWrite.Put like = put("secret-" + i, 1, hr, Map.of(), "alpha alpha " + i);
            writes.add(new DocumentWrite.Put(
                    like.key(),
                    1,
                    like.at(),
                    "",
                    hr,
                    Map.of(),
                    List.of(new PassageEntry(id("alpha alpha " + i), "alpha alpha " + i, vector("alpha")))));
        }
        for (int i = 0; i < 20; i++) {
            writes.add(put("open-" + i, 1, "a longer text that says alpha once, number " + i));
        }
        index.apply(G, writes);
        LegHits hits = search(PassageQuery.of(vector("alpha"), "alpha", 10, ALICE));
        assertThat(hits.vector())
                .hasSize(10)
                .allMatch(hit -> hit.document().toString().contains("open-"));
        assertThat(hits.keyword())
                .hasSize(10)
                .allMatch(hit -> hit.document().toString().contains("open-"));
        LegHits inside = search(PassageQuery.of(vector("alpha"), "alpha", 10, Set.of("group:hr")));
        assertThat(inside.vector()).hasSize(10).allMatch(hit -> hit.score() > 0.999f);
    }

    @Test
    void noPrincipalsNoHits() {
        apply(put("a", 1, "alpha"), put("b", 1, new AccessList(Set.of()), Map.of(), "alpha"));
        assertThat(near(null, Set.of())).isEmpty();
        assertThat(near(null, ALICE)).hasSize(1);
    }

    @Test
    void labelsAllHaveToMatch() {
        apply(
                put("a", 1, AccessList.PUBLIC, Map.of("lang", "en", "team", "x"), "alpha"),
                put("b", 1, AccessList.PUBLIC, Map.of("lang", "en"), "alpha"),
                put("c", 1, AccessList.PUBLIC, Map.of("lang", "de", "team", "x"), "alpha"));
        PassageQuery query = PassageQuery.of(vector("alpha"), "alpha", 10, ALICE);
        assertThat(documents(query.withLabels(Map.of("lang", "en")))).containsExactlyInAnyOrder("a", "b");
        assertThat(documents(query.withLabels(Map.of("lang", "en", "team", "x"))))
                .containsExactly("a");
        assertThat(documents(query.withLabels(Map.of("lan", "gen")))).isEmpty();
    }

    private List<String> documents(PassageQuery query) {
        LegHits hits = search(query);
        List<String> near = hits.vector().stream()
                .map(hit -> hit.document().document().value())
                .toList();
        assertThat(hits.keyword())
                .extracting(hit -> hit.document().document().value())
                .containsExactlyInAnyOrderElementsOf(near);
        return near;
    }

    @Test
    void newLabelsCountForTheNewRevisionOnly() {
        apply(put("a", 1, AccessList.PUBLIC, Map.of("state", "draft"), "alpha"));
        assertThat(apply(put("a", 2, AccessList.PUBLIC, Map.of("state", "final"), "alpha")))
                .containsExactly(new Applied(key("a"), 2, 1, 0, 1));
        PassageQuery query = PassageQuery.of(vector("alpha"), "alpha", 10, ALICE);
        assertThat(documents(query.withLabels(Map.of("state", "final")))).containsExactly("a");
        assertThat(documents(query.withLabels(Map.of("state", "draft")))).isEmpty();
        assertThat(documents(query.withLabels(Map.of("state", "draft")).withAsOf(day(1))))
                .containsExactly("a");
    }

    @Test
    void searchCanBeNarrowedToDocuments() {
        apply(put("a", 1, "alpha"), put("b", 1, "alpha"), put("c", 1, "alpha"));
        PassageQuery query = PassageQuery.of(vector("alpha"), "alpha", 10, ALICE);
        assertThat(documents(query.withDocuments(Set.of(new DocumentId("b"), new DocumentId("x")))))
                .containsExactly("b");
        assertThat(documents(query.withDocuments(Set.of()))).isEmpty();
    }

    @Test
    void asOfShowsTheCorpusAsItWas() {
        apply(put("a", 2, "first", "both"), put("a", 4, "both", "second"), delete("a", 6));
        assertThat(near(day(1), ALICE)).isEmpty();
        assertThat(near(day(2), ALICE)).containsExactlyInAnyOrder(id("first"), id("both"));
        assertThat(near(day(4).minusMillis(1), ALICE)).containsExactlyInAnyOrder(id("first"), id("both"));
        assertThat(near(day(5), ALICE)).containsExactlyInAnyOrder(id("second"), id("both"));
        assertThat(near(day(6), ALICE)).isEmpty();
        assertThat(search(PassageQuery.of(null, "both", 5, ALICE).withAsOf(day(3)))
                        .keyword())
                .singleElement()
                .satisfies(hit -> assertThat(hit.reference()).isEqualTo("{\"v\":2}"));
        assertThat(index.document(G, key("a"), day(3)).orElseThrow().version()).isEqualTo(2);
        assertThat(index.document(G, key("a"), day(5)).orElseThrow().passages()).hasSize(2);
    }

    @Test
    void clockThatRunsBackwardsDoesNotHideTheNewerVersion() {
        apply(put("a", 5, "later"));
        DocumentWrite.Put next = put("a", 6, "newest");
        apply(new DocumentWrite.Put(key("a"), 6, day(1), "", AccessList.PUBLIC, Map.of(), next.passages()));
        assertThat(visible()).containsExactly(id("newest"));
        assertThat(near(day(5), ALICE)).containsExactly(id("newest"));
        assertThat(near(day(2), ALICE)).isEmpty();
    }

    @Test
    void accessChangeCountsAtOnceForThePastToo() {
        AccessList alice = AccessList.of("user:alice");
        AccessList bob = AccessList.of("user:bob");
        apply(put("a", 1, alice, Map.of(), "old"), put("a", 2, alice, Map.of(), "new"));
        assertThat(apply(put("a", 3, bob, Map.of(), "new"))).containsExactly(new Applied(key("a"), 3, 0, 1, 0));
        assertThat(visible()).isEmpty();
        assertThat(near(day(1), ALICE)).isEmpty();
        assertThat(near(null, Set.of("user:bob"))).containsExactly(id("new"));
        assertThat(near(day(1), Set.of("user:bob"))).containsExactly(id("old"));
        assertThat(index.document(G, key("a"), day(1)).orElseThrow().access()).isEqualTo(bob);
    }

    @Test
    void accessOfHistoryHoldsAfterDelete() {
        apply(put("a", 1, AccessList.of("user:bob"), Map.of(), "alpha"), delete("a", 3));
        assertThat(near(day(2), ALICE)).isEmpty();
        assertThat(near(day(2), Set.of("user:bob"))).containsExactly(id("alpha"));
    }

    @Test
    void everyLiveDocumentIsListedOnceOutOfOneStateWhateverIsWrittenMeanwhile() {
        List<DocumentWrite> writes = new ArrayList<>();
        IntStream.range(0, 40).forEach(i -> writes.add(put("doc-%02d".formatted(i), 1, "t" + i, "u" + i)));
        writes.add(delete("doc-03", 2));
        index.apply(G, writes);
        Map<DocumentKey, ListedDocument> listed = new HashMap<>();
        index.each(G, document -> {
            if (listed.isEmpty()) {
                IntStream.range(0, 40).forEach(i -> index.apply(G, List.of(put("doc-%02d".formatted(i), 3, "v" + i))));
                index.apply(G, List.of(put("doc-new", 1, "new"), delete("doc-05", 4)));
            }
            assertThat(listed.put(document.key(), document)).isNull();
        });
        assertThat(listed).hasSize(39).doesNotContainKey(key("doc-03"));
        assertThat(listed.get(key("doc-05")))
                .extracting(ListedDocument::version)
                .isEqualTo(1L);
        assertThat(listed.values()).allSatisfy(document -> {
            assertThat(document.version()).isEqualTo(1);
            assertThat(document.passages()).hasSize(2);
        });
        List<DocumentKey> after = new ArrayList<>();
        index.each(G, document -> after.add(document.key()));
        assertThat(after).hasSize(40).contains(key("doc-new"), key("doc-03")).doesNotContain(key("doc-05"));
    }

    @Test
    void digestsArePagedInOrderOverLiveDocuments() {
        List<DocumentWrite> writes = new ArrayList<>();
        IntStream.range(0, 25).forEach(i -> writes.add(put("doc-%02d".formatted(i), 1, "t" + i, "u" + i)));
        writes.add(delete("doc-03", 2));
        index.apply(G, writes);
        List<DocumentDigest> all = new ArrayList<>();
        @Nullable DocumentKey after = null;
        while (true) {
            List<DocumentDigest> page = index.digests(G, after, 7);
            all.addAll(page);
            if (page.size() < 7) {
                break;
            }
            after = page.getLast().key();
        }
        assertThat(all).hasSize(24).isEqualTo(index.digests(G, null, 1000));
        assertThat(all.getFirst().passages()).isEqualTo(DocumentDigest.over(ids("t0", "u0")));
        assertThat(index.digests(G, key("doc-23"), 10))
                .extracting(DocumentDigest::key)
                .containsExactly(key("doc-24"));
        assertThat(index.digests(G, key("doc-220"), 10))
                .extracting(DocumentDigest::key)
                .containsExactly(key("doc-23"), key("doc-24"));
    }

    @Test
    void restartKeepsEverything() {
        apply(
                put("a", 1, AccessList.of("user:alice"), Map.of("k", "v"), "old"),
                put("a", 2, AccessList.of("user:alice"), Map.of("k", "v"), "new"),
                put("b", 1, AccessList.of("user:bob"), Map.of(), "other"),
                delete("c", 9));
        IndexedDocument before = index.document(G, key("a"), null).orElseThrow();
        index.close();
        index = open();
        assertThat(index.generations()).containsExactly(GENERATION);
        assertThat(index.document(G, key("a"), null)).contains(before);
        assertThat(visible()).containsExactly(id("new"));
        assertThat(near(day(1), ALICE)).containsExactly(id("old"));
        assertThat(apply(put("c", 8, "x"))).containsExactly(new Ignored(key("c"), 8, 9));
        assertThat(apply(put("d", 1, AccessList.of("user:bob"), Map.of(), "mine")))
                .hasSize(1);
        assertThat(near(null, Set.of("user:bob"))).hasSize(2);
    }

    @Test
    void purgeForgetsWhatEndedAndNothingElse() {
        apply(put("a", 1, "one"), put("a", 3, "two"), put("a", 5, "three"), put("b", 1, "gone"), delete("b", 4));
        assertThat(index.purgeHistory(G, day(4))).isEqualTo(2);
        assertThat(near(day(2), ALICE)).isEmpty();
        assertThat(near(day(4), ALICE)).containsExactly(id("two"));
        assertThat(visible()).containsExactly(id("three"));
        assertThat(index.counts(G)).isEqualTo(new IndexCounts(1, 1, 1));
        assertThat(apply(put("b", 3, "late"))).containsExactly(new Ignored(key("b"), 3, 4));
        assertThat(index.purgeHistory(G, day(4))).isZero();
    }

    @Test
    void queryTextIsNeverParsed() {
        apply(put("a", 1, "alpha beta"));
        for (String text : List.of(
                "", " ", "?!*", "\"", "((", "a:b AND NOT", "*:*", "text:[* TO *]", "\\", "alpha~ +", "\u0000", "~^")) {
            search(PassageQuery.of(null, text, 10, ALICE));
        }
        assertThat(search(PassageQuery.of(vector("alpha"), "?!*", 10, ALICE)).keyword())
                .isEmpty();
        assertThat(search(PassageQuery.of(null, "*:*", 10, ALICE)).keyword()).isEmpty();
        assertThat(search(PassageQuery.of(null, "(alpha AND", 10, ALICE)).keyword())
                .hasSize(1);
        String endless = IntStream.range(0, 3000).mapToObj(i -> "w" + i + " ").reduce("alpha ", String::concat);
        assertThat(search(PassageQuery.of(null, endless, 10, ALICE)).keyword()).hasSize(1);
    }

    @Test
    void similarTermsAreFoundAndCounted() {
        apply(put("a", 1, "the retention policy of palimpsests"), put("b", 1, "Retention again"));
        assertThat(index.similarTerms(G, "retenton", 3)).contains("retention");
        assertThat(index.similarTerms(G, "retention", 3)).doesNotContain("retention");
        assertThat(index.similarTerms(G, "zzzzzzzzz", 3)).isEmpty();
        assertThat(index.termFrequency(G, "Retention")).isEqualTo(2);
        assertThat(index.termFrequency(G, "retenton")).isZero();
        assertThat(index.termFrequency(G, "?!")).isZero();
    }

    @Test
    void wrongWriteIsRefusedAndNothingOfItsBatchApplied() {
        DocumentKey foreign = DocumentKey.of(CollectionKey.of("acme", "other"), "a");
        DocumentWrite.Delete wrong = new DocumentWrite.Delete(foreign, 1, day(1));
        assertThatIllegalArgumentException().isThrownBy(() -> apply(put("a", 1, "alpha"), wrong));
        for (float[] vector : List.of(new float[3], new float[Corpus.DIMENSIONS])) {
            DocumentWrite.Put bad = new DocumentWrite.Put(
                    key("b"),
                    1,
                    day(1),
                    "",
                    AccessList.PUBLIC,
                    Map.of(),
                    List.of(new PassageEntry(id("x"), "x", vector)));
            assertThatIllegalArgumentException().isThrownBy(() -> apply(put("a", 1, "alpha"), bad));
        }
        assertThat(visible()).isEmpty();
    }

    @Test
    void generationsAreSeparate() {
        Generation other = Corpus.generation("g2", Corpus.DIMENSIONS);
        index.createGeneration(other);
        index.createGeneration(other);
        apply(put("a", 1, "alpha"));
        assertThat(index.counts(other.id())).isEqualTo(new IndexCounts(0, 0, 0));
        assertThat(index.generations()).containsExactlyInAnyOrder(GENERATION, other);
        assertThatIllegalArgumentException().isThrownBy(() -> index.createGeneration(Corpus.generation("g2", 8)));
        index.dropGeneration(other.id());
        index.dropGeneration(other.id());
        assertThat(index.generations()).containsExactly(GENERATION);
        assertThatThrownBy(() -> index.counts(other.id()))
                .isInstanceOfSatisfying(
                        PalimpsestException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.NOT_FOUND));
        index.createGeneration(other);
        assertThat(index.counts(other.id())).isEqualTo(new IndexCounts(0, 0, 0));
    }
}
