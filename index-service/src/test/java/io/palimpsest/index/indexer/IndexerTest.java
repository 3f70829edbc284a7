package io.palimpsest.index.indexer;

import static org.assertj.core.api.Assertions.assertThat;

import io.palimpsest.contracts.error.ErrorCode;
import io.palimpsest.contracts.error.PalimpsestException;
import io.palimpsest.contracts.event.DocumentIndexed;
import io.palimpsest.contracts.event.DocumentRevised;
import io.palimpsest.contracts.id.GenerationId;
import io.palimpsest.contracts.id.ModelId;
import io.palimpsest.contracts.id.PassagePolicyId;
import io.palimpsest.index.embed.CachingEmbedder;
import io.palimpsest.index.embed.HashingEmbedder;
import io.palimpsest.index.embed.InMemoryEmbeddingCache;
import io.palimpsest.index.generation.GenerationState;
import io.palimpsest.index.generation.GenerationTable;
import io.palimpsest.index.generation.Generations;
import io.palimpsest.index.lucene.LucenePassageIndex;
import io.palimpsest.index.passages.Generation;
import io.palimpsest.index.search.Corpus;
import io.palimpsest.platform.cost.Spent;
import io.palimpsest.platform.cost.Work;
import io.palimpsest.platform.cost.WorkKind;
import io.palimpsest.platform.database.Database;
import io.palimpsest.platform.database.TestDatabases;
import io.palimpsest.platform.ledger.LedgerEntries;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
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
    private final Map<Work, Spent> spent = new HashMap<>();
    private Instant now = Instant.EPOCH;
    private LucenePassageIndex index;
    private Database database;
    private Generations generations;
    private final CachingEmbedder embedder = new CachingEmbedder(new HashingEmbedder(), new InMemoryEmbeddingCache());
    private Indexer indexer;

    @BeforeEach
    void start() {
        index = new LucenePassageIndex(folder.resolve("index"));
        database = Database.open(TestDatabases.files(folder).fresh());
        generations = new Generations(
                index,
                new GenerationTable(database.sql()),
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
            public void spent(Work work, Duration wall, long cpuNanos, Spent counts) {
                assertThat(wall).isPositive();
                spent.put(work, spent.getOrDefault(work, Spent.NOTHING).plus(counts));
            }

            @Override
            public void applied(DocumentIndexed indexed) {
                heard.add(indexed);
            }
        };
        indexer = new Indexer(corpus.store, this::embedder, index, generations, listener, () -> now);
    }

    @AfterEach
    void close() {
        index.close();
        database.close();
    }

    @Test
    void whatABatchTookIsToldWithWhatHadToBeEmbedded() {
        DocumentRevised revised = revision("one two");
        indexer.apply(List.of(revised));
        indexer.apply(List.of(revised));
        assertThat(spent).hasSize(1);
        spent.forEach((work, counts) -> {
            assertThat(work.kind()).isEqualTo(WorkKind.INDEX);
            assertThat(work.collection()).isEqualTo(Corpus.COLLECTION);
            assertThat(counts.documents()).isEqualTo(2);
            assertThat(counts.passages()).isEqualTo(2 * counts.embedded());
        });
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

    @Test
    void generationBesideTheLiveOneThatCannotBeWrittenIsGivenUpAndHoldsUpNothing() {
        Generation live = generations.forWriting(Corpus.COLLECTION);
        Generation other = new Generation(
                new GenerationId("other"), Corpus.COLLECTION, new ModelId("gone/fp32/00000000"), live.policy(), 8);
        index.createGeneration(other);
        database.sql()
                .update(
                        "INSERT INTO generation (id, tenant, collection, model, passages, passages_model, policy, dimensions,"
                                + " origin, state, written, made_at) VALUES ('other', 'acme', 'docs', ?, 'other', ?, ?, 8,"
                                + " 'BUILT', 'READY', 1, 0)",
                        other.model().value(),
                        other.model().value(),
                        other.policy().value());
        assertThat(generations.written(Corpus.COLLECTION)).containsExactly(live, other);
        assertThat(indexer.apply(List.of(revision("one two")))).hasSize(1);
        assertThat(new GenerationTable(database.sql()).find(other.id())).get().satisfies(row -> {
            assertThat(row.state()).isEqualTo(GenerationState.FAILED);
            assertThat(row.error()).isEqualTo(ErrorCode.MODEL_UNKNOWN.id());
        });
        assertThat(generations.written(Corpus.COLLECTION)).containsExactly(live);
        assertThat(indexer.isBusy()).isFalse();
    }

    private CachingEmbedder embedder(ModelId model) {
        if (model.equals(embedder.model())) {
            return embedder;
        }
        throw new PalimpsestException(ErrorCode.MODEL_UNKNOWN, "there is no model " + model);
    }

    private DocumentRevised revision(String text) {
        return corpus.revise(Corpus.COLLECTION, "urn:1", text, "*");
    }
}
