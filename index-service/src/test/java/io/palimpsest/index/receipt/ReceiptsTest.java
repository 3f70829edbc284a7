package io.palimpsest.index.receipt;

import static org.assertj.core.api.Assertions.assertThat;

import io.palimpsest.contracts.event.LedgerEntry;
import io.palimpsest.contracts.id.ContentHash;
import io.palimpsest.contracts.id.DocumentId;
import io.palimpsest.contracts.id.GenerationId;
import io.palimpsest.contracts.id.ModelId;
import io.palimpsest.contracts.id.PassageId;
import io.palimpsest.index.querylog.AnswerMade;
import io.palimpsest.index.querylog.QueryDetail;
import io.palimpsest.index.querylog.QueryRecord;
import io.palimpsest.index.search.Corpus;
import io.palimpsest.index.search.HitScores;
import io.palimpsest.index.search.SearchRequest;
import io.palimpsest.index.search.SearchTarget;
import io.palimpsest.platform.ledger.LedgerEntries;
import io.palimpsest.platform.querylog.ShownHit;
import io.palimpsest.verifier.entry.Commitment;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class ReceiptsTest {
    private static final ContentHash HASH = ContentHash.ofText("text");
    private static final PassageId PASSAGE = PassageId.of(HASH, 0);

    private final LedgerEntries entries = new LedgerEntries(new byte[32]);
    private final Receipts receipts = new Receipts(entries, () -> new byte[32]);

    /** What auditors keep was hashed as these bytes: another form is another version. */
    @Test
    void theBytesOfAReceiptStayWhatTheyAre() {
        AnswerMade made =
                new AnswerMade("extractive/1", false, Set.of(new AnswerMade.Cited(new DocumentId("urn:a"), PASSAGE)));
        KeptReceipt kept = receipts.of(asked(false, made)).orElseThrow();
        assertThat(kept.receipt())
                .isEqualTo("{\"access\":{\"caller\":\""
                        + Commitment.caller(new byte[32], "user:ann").hex()
                        + "\",\"everyone\":true,\"groups\":[\"group:a\",\"group:b\"]},\"answer\":{\"abstained\":false},"
                        + "\"askedAt\":\"2026-03-01T12:00:00.123456Z\",\"collection\":{\"collection\":\"docs\",\"tenant\":\"acme\"},"
                        + "\"generation\":\"g1\",\"models\":{\"generator\":\"extractive/1\",\"passages\":\"mini/1\","
                        + "\"query\":\"adapter/2\",\"reranker\":\"cross/3\"},\"passages\":[{\"cited\":true,\"document\":\"urn:a\","
                        + "\"extracted\":\"" + HASH + "\",\"manifest\":\"" + HASH + "\",\"passage\":\""
                        + PASSAGE.value()
                        + "\",\"rank\":1,\"revision\":3,\"scores\":{\"bm25\":1.5,\"fused\":0.75,\"rerank\":0.1,"
                        + "\"similarity\":0.25,\"vectorRank\":1},\"version\":2}],\"query\":\""
                        + Commitment.query(new byte[32], "what is it?").hex()
                        + "\",\"queryId\":\"q1\",\"v\":1}");
        assertThat(kept.read().canonical()).as("read and written again").isEqualTo(kept.receipt());
    }

    @Test
    void theEntryStandsForTheReceiptAndTellsNoWordsAndNobody() {
        KeptReceipt kept = new Receipts(entries).of(asked(false, null)).orElseThrow();
        LedgerEntry entry = receipts.entry(kept);
        assertThat(entry.type()).isEqualTo(LedgerEntry.Type.QUERY_SERVED);
        assertThat(entry.facts())
                .containsEntry("generation", "g1")
                .containsEntry("model", "adapter/2")
                .containsEntry("reranker", "cross/3")
                .containsEntry("kind", "SEARCH")
                .containsEntry("hits", "1")
                .containsEntry(
                        "receipt",
                        Commitment.receipt(HexFormat.of().parseHex(kept.salt()), kept.receipt())
                                .hex())
                .hasSize(6);
        assertThat(entry + kept.receipt()).doesNotContain("what is it", "ann");
        assertThat(receipts.entry(kept)).as("told again").isEqualTo(entry);
        assertThat(entry.entryId())
                .isEqualTo(entries.id(
                        LedgerEntry.Type.QUERY_SERVED,
                        new LedgerEntries.Scope(entry.tenant(), entry.collection()),
                        "q1"));
    }

    @Test
    void twoReceiptsOfOneQueryHaveSaltsOfTheirOwn() {
        Receipts real = new Receipts(entries);
        KeptReceipt one = real.of(asked(false, null)).orElseThrow();
        KeptReceipt other = real.of(asked(false, null)).orElseThrow();
        assertThat(Set.of(one.salt(), one.querySalt(), one.callerSalt(), other.salt(), other.querySalt()))
                .hasSize(5);
        assertThat(one.read().query()).isNotEqualTo(other.read().query());
    }

    @Test
    void whatNobodyAskedGetsNone() {
        assertThat(receipts.of(asked(true, null))).isEmpty();
        Corpus corpus = new Corpus();
        corpus.add("a", "Refunds take five days.");
        corpus.search()
                .retrieve(
                        Corpus.caller("ann"),
                        Corpus.COLLECTION,
                        SearchRequest.of("refunds"),
                        new SearchTarget(null, null, true, false));
        assertThat(corpus.log)
                .singleElement()
                .satisfies(probe -> assertThat(receipts.of(probe)).isEmpty());
    }

    @Test
    void aSearchLeavesAReceiptOfWhatItShowed() {
        Corpus corpus = new Corpus();
        corpus.add("a", "Refunds take five days.");
        corpus.search().search(Corpus.caller("ann", "staff"), Corpus.COLLECTION, SearchRequest.of("refunds"));
        QueryRecord asked = corpus.log.getFirst();
        Receipt receipt = receipts.of(asked).orElseThrow().read();
        assertThat(receipt.passages()).singleElement().satisfies(shown -> {
            ShownHit hit = asked.shown().getFirst();
            assertThat(shown.document()).isEqualTo(hit.document());
            assertThat(shown.revision()).isEqualTo(hit.revision());
            assertThat(shown.extracted()).isNotNull().isEqualTo(hit.extracted());
            assertThat(shown.scores().ranking()).isEqualTo(hit.score());
            assertThat(shown.cited()).isNull();
        });
        assertThat(receipt.access().groups()).containsExactly("group:staff");
        assertThat(receipt.models().passages()).isEqualTo(corpus.embedder.model());
    }

    private static QueryRecord asked(boolean probe, @Nullable AnswerMade made) {
        return new QueryRecord(
                "q1",
                Corpus.COLLECTION,
                "ann",
                Set.of("*", "group:b", "user:ann", "group:a"),
                SearchRequest.of("what is it?"),
                new GenerationId("g1"),
                new ModelId("adapter/2"),
                probe,
                made != null,
                List.of(new ShownHit(new DocumentId("urn:a"), 3, 2, PASSAGE, 0.1f, 1, null, HASH, HASH)),
                Instant.parse("2026-03-01T12:00:00.123456Z"),
                new QueryDetail(
                        "what is it?",
                        "what is it",
                        new ModelId("mini/1"),
                        "cross/3",
                        0,
                        List.of(new HitScores(0.25f, 1.5f, null, null, 1, null, 0.75f, 0.1f)),
                        made));
    }
}
