package io.palimpsest.index.indexer;

import static org.assertj.core.api.Assertions.assertThat;

import io.palimpsest.contracts.error.ErrorCode;
import io.palimpsest.contracts.event.DocumentIndexed;
import io.palimpsest.contracts.event.DocumentRevised;
import io.palimpsest.contracts.id.PassagePolicyId;
import io.palimpsest.index.embed.CachingEmbedder;
import io.palimpsest.index.embed.HashingEmbedder;
import io.palimpsest.index.embed.InMemoryEmbeddingCache;
import io.palimpsest.index.generation.Generations;
import io.palimpsest.index.lucene.LucenePassageIndex;
import io.palimpsest.index.search.Corpus;
import io.palimpsest.platform.ledger.LedgerEntries;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@NullUnmarked // the folder is injected
final class IndexerTest {
    @TempDir
    Path folder;

    private final Corpus corpus = new Corpus();
    private final List<DocumentIndexed> heard = new ArrayList<>();
    private Instant now = Instant.EPOCH;
    private LucenePassageIndex index;
    private Indexer indexer;

    @BeforeEach
    void start() {
        index = new LucenePassageIndex(folder);
        CachingEmbedder embedder = new CachingEmbedder(new HashingEmbedder(), new InMemoryEmbeddingCache());
        Generations generations = new Generations(
                index,
                Runnable::run,
                new Generations.Built(embedder.model(), embedder.dimensions(), new PassagePolicyId("paragraphs/1")),
                new LedgerEntries(new byte[32]),
                entry -> {},
                Clock.systemUTC());
        IndexListener listener = new IndexListener() {
            @Override
            public void written(Duration time) {
                now = now.plusSeconds(60);
            }

            @Override
            public void applied(DocumentIndexed indexed) {
                heard.add(indexed);
            }
        };
        indexer = new Indexer(corpus.store, embedder, index, generations, listener, () -> now);
    }

    @AfterEach
    void close() {
        index.close();
    }

    @Test
    void timeOfIndexingIsThatAfterTheWrite() {
        assertThat(indexer.apply(List.of(revision("one two"))))
                .singleElement()
                .satisfies(indexed -> assertThat(indexed.indexedAt()).isEqualTo(Instant.EPOCH.plusSeconds(60)));
    }

    @Test
    void writeThatTheIndexLeftForANewerRevisionIsNotToldToListeners() {
        DocumentRevised old = revision("one two");
        DocumentRevised current = revision("three four");
        indexer.apply(List.of(current));
        assertThat(indexer.apply(List.of(old))).isEmpty();
        assertThat(heard).singleElement().extracting(DocumentIndexed::revision).isEqualTo(current.revision());
    }

    @Test
    void lostContentIsAFailureAndErasedContentIsNot() {
        DocumentRevised lost = revision("one two");
        corpus.store.delete(lost.key(), Objects.requireNonNull(lost.extracted()));
        assertThat(indexer.apply(List.of(lost)))
                .singleElement()
                .extracting(DocumentIndexed::errorCode)
                .isEqualTo(ErrorCode.CONTENT_GONE);
        DocumentRevised erased = revision("three four");
        corpus.store.eraseDocument(erased.key());
        assertThat(indexer.apply(List.of(erased))).singleElement().satisfies(indexed -> {
            assertThat(indexed.errorCode()).isNull();
            assertThat(indexed.searchable()).isFalse();
        });
    }

    private DocumentRevised revision(String text) {
        return corpus.revise(Corpus.COLLECTION, "urn:1", text, "*");
    }
}
