package io.palimpsest.index.indexer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.palimpsest.contracts.error.ErrorCode;
import io.palimpsest.contracts.error.PalimpsestException;
import io.palimpsest.contracts.event.DocumentIndexed;
import io.palimpsest.contracts.event.DocumentRevised;
import io.palimpsest.contracts.id.DocumentKey;
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
import io.palimpsest.index.revision.CurrentRevisions;
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
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
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
    private final View view = new View();
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
        indexer = new Indexer(corpus.store, this::embedder, index, generations, view, listener, () -> now);
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
    void nothingIsToldBeforeTheViewOfCurrentRevisionsHasIt() throws Exception {
        DocumentRevised revised = revision("one two");
        view.revision = revised.revision() - 1;
        CompletableFuture<List<DocumentIndexed>> told =
                CompletableFuture.supplyAsync(() -> indexer.apply(List.of(revised)));
        assertThatThrownBy(() -> told.get(300, TimeUnit.MILLISECONDS)).isInstanceOf(TimeoutException.class);
        assertThat(heard).isEmpty();

        view.revision = revised.revision();

        assertThat(told.get(10, TimeUnit.SECONDS)).isEqualTo(heard).hasSize(1);
    }

    @Test
    void documentThatIsInNoViewIsWaitedForUntilTheViewHasAllThatWasPublished() throws Exception {
        DocumentRevised revised = revision("one two");
        view.revision = 0;
        view.appliedThrough = Instant.EPOCH.plusSeconds(60);
        CompletableFuture<List<DocumentIndexed>> told =
                CompletableFuture.supplyAsync(() -> indexer.apply(List.of(revised)));
        assertThatThrownBy(() -> told.get(300, TimeUnit.MILLISECONDS)).isInstanceOf(TimeoutException.class);

        view.appliedThrough = Instant.EPOCH.plusSeconds(61);

        assertThat(told.get(10, TimeUnit.SECONDS)).hasSize(1);
    }

    @Test
    void batchFailsWhereItsWaitForTheViewIsEnded() throws Exception {
        DocumentRevised revised = revision("one two");
        view.revision = 0;
        view.appliedThrough = Instant.EPOCH;
        AtomicReference<Throwable> failure = new AtomicReference<>();
        Thread lane = Thread.ofPlatform()
                .uncaughtExceptionHandler((thread, e) -> failure.set(e))
                .start(() -> indexer.apply(List.of(revised)));
        assertThat(view.asked.await(10, TimeUnit.SECONDS)).isTrue();

        lane.interrupt();

        assertThat(lane.join(Duration.ofSeconds(10))).isTrue();
        assertThat(failure.get())
                .isInstanceOfSatisfying(
                        PalimpsestException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.STARTING));
        assertThat(heard).isEmpty();

        view.revision = revised.revision();

        assertThat(indexer.apply(List.of(revised))).isEqualTo(heard).hasSize(1);
    }

    /** Of what was published, what came until a revision. */
    private final class View implements CurrentRevisions {
        private volatile long revision = Long.MAX_VALUE;
        private volatile Instant appliedThrough = Instant.EPOCH;
        private final CountDownLatch asked = new CountDownLatch(1);

        @Override
        public Optional<DocumentRevised> current(DocumentKey key) {
            return corpus.current(key).filter(current -> current.revision() <= revision);
        }

        @Override
        public Instant appliedThrough() {
            asked.countDown();
            return appliedThrough;
        }
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
