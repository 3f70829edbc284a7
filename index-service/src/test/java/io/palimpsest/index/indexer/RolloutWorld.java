package io.palimpsest.index.indexer;

import static org.assertj.core.api.Assertions.assertThat;

import io.palimpsest.contracts.error.ErrorCode;
import io.palimpsest.contracts.error.PalimpsestException;
import io.palimpsest.contracts.event.DocumentRevised;
import io.palimpsest.contracts.event.LedgerEntry;
import io.palimpsest.contracts.id.DocumentKey;
import io.palimpsest.contracts.id.ModelId;
import io.palimpsest.contracts.id.PassagePolicyId;
import io.palimpsest.index.embed.Embedder;
import io.palimpsest.index.embed.Embedders;
import io.palimpsest.index.embed.EmbeddingCache;
import io.palimpsest.index.embed.HashingEmbedder;
import io.palimpsest.index.embed.InMemoryEmbeddingCache;
import io.palimpsest.index.embed.TestModels;
import io.palimpsest.index.generation.GenerationActs;
import io.palimpsest.index.generation.GenerationRow;
import io.palimpsest.index.generation.GenerationState;
import io.palimpsest.index.generation.GenerationTable;
import io.palimpsest.index.generation.Generations;
import io.palimpsest.index.generation.Serving;
import io.palimpsest.index.passages.IndexedDocument;
import io.palimpsest.index.passages.PassageIndex;
import io.palimpsest.index.rewrite.Acronyms;
import io.palimpsest.index.rewrite.QueryRewriter;
import io.palimpsest.index.search.Corpus;
import io.palimpsest.index.search.RankedPassage;
import io.palimpsest.index.search.Retrieval;
import io.palimpsest.index.search.SearchParts;
import io.palimpsest.index.search.SearchRequest;
import io.palimpsest.index.search.SearchService;
import io.palimpsest.index.search.SearchTarget;
import io.palimpsest.platform.ledger.LedgerEntries;
import io.palimpsest.platform.security.Caller;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;

/**
 * A collection whose changes, lane, builds and swaps happen in any order, with kills in between, and what must hold at every moment.
 * The lane reads a list instead of a topic; the view of current revisions is never behind.
 */
@SuppressWarnings("NullAway.Init") // what a process has in memory is set by restart
final class RolloutWorld implements AutoCloseable {
    private static final Caller ANN = Corpus.caller("ann");
    private static final Caller HR = Corpus.caller("bob", "hr");
    private static final List<String> WORDS =
            List.of("ledger", "index", "passage", "river", "stone", "engine", "garden", "winter");

    final Corpus corpus = new Corpus();
    final PassageIndex index;
    final TestModels models;
    final GenerationTable table;
    final ModelId tuned;
    final ModelId booster;
    final List<LedgerEntry> ledger = new ArrayList<>();
    private final Random random;
    private final List<DocumentRevised> topic = new ArrayList<>();
    private final Map<DocumentKey, List<DocumentRevised>> revisions = new HashMap<>();
    private final Map<DocumentKey, Long> applied = new HashMap<>();
    /** Of several revisions in one batch only the newest is written: the others were never to be seen. */
    private final Map<DocumentKey, List<DocumentRevised>> written = new HashMap<>();

    private final Map<ModelId, Set<String>> embedded = new HashMap<>();
    private final EmbeddingCache cache = new InMemoryEmbeddingCache();
    private int position;
    private Embedders embedders;
    Generations generations;
    GenerationActs acts;
    private Indexer indexer;
    SearchService search;

    /** The end of a process. */
    static final class Killed extends RuntimeException {}

    RolloutWorld(PassageIndex index, Path folder, long seed) {
        this.index = index;
        this.random = new Random(seed);
        this.models = new TestModels(folder);
        this.table = new GenerationTable(models.database().sql());
        this.tuned = models.encoder("tuned", 32);
        float[][] down = new float[64][2];
        float[][] up = new float[2][64];
        down[3][0] = 1;
        up[0][5] = 0.5f;
        this.booster = models.adapter("booster", corpus.embedder.model(), down, up);
        restart();
    }

    /** All that a process has in memory is made anew. */
    void restart() {
        embedders = new Embedders(
                recording(new HashingEmbedder()),
                cache,
                models.store(),
                (manifest, folder) -> recording(TestModels.open(manifest, folder)),
                Clock.systemUTC());
        LedgerEntries entries = new LedgerEntries(new byte[32]);
        generations = new Generations(
                index,
                table,
                new Generations.Built(corpus.embedder.model(), 64, new PassagePolicyId("paragraphs/1")),
                entries,
                ledger::add,
                corpus::now);
        acts = new GenerationActs(
                index,
                table,
                generations,
                embedders,
                corpus,
                entries,
                ledger::add,
                corpus.telemetry,
                Duration.ZERO,
                corpus::now);
        indexer = new Indexer(
                corpus.store, embedders::forPassages, index, generations, corpus, new IndexListener() {}, corpus::now);
        search = new SearchService(new SearchParts(
                index,
                generations,
                embedders,
                corpus,
                collection -> Instant.MAX,
                corpus.texts,
                new QueryRewriter(index, new Acronyms(), Optional.empty()),
                Optional.empty(),
                asked -> {},
                fact -> {},
                shadow -> {},
                text -> 1,
                corpus.telemetry,
                Duration.ofMillis(50),
                Corpus.HISTORY,
                100,
                Clock.systemUTC()));
    }

    /** Law 5: no text of a passage twice. Queries have no full stop at their end. */
    private Embedder recording(Embedder inner) {
        return new Embedder() {
            @Override
            public ModelId model() {
                return inner.model();
            }

            @Override
            public int dimensions() {
                return inner.dimensions();
            }

            @Override
            public int maxTokens() {
                return inner.maxTokens();
            }

            @Override
            public List<float[]> embed(List<String> texts) {
                Set<String> known = embedded.computeIfAbsent(inner.model(), id -> new HashSet<>());
                for (String text : texts) {
                    if (text.endsWith(".")) {
                        assertThat(known.add(text))
                                .as("embedded twice: %s", text)
                                .isTrue();
                    }
                }
                return inner.embed(texts);
            }

            @Override
            public void close() {
                inner.close();
            }
        };
    }

    String words(int count) {
        return random.ints(count, 0, WORDS.size()).mapToObj(WORDS::get).collect(Collectors.joining(" "));
    }

    void change() {
        String id = "d" + random.nextInt(8);
        DocumentKey key = DocumentKey.of(Corpus.COLLECTION, id);
        boolean live = corpus.current(key)
                .filter(r -> r.state() == DocumentRevised.State.LIVE)
                .isPresent();
        int kind = random.nextInt(6);
        DocumentRevised revised;
        if (live && kind == 0) {
            revised = corpus.delete(Corpus.COLLECTION, id);
        } else if (live && kind == 1) {
            revised = corpus.restrict(Corpus.COLLECTION, id, random.nextBoolean() ? "*" : "group:hr");
        } else {
            String text = Arrays.stream(new String[1 + random.nextInt(3)])
                    .map(none -> words(3) + ".")
                    .collect(Collectors.joining("\n\n"));
            revised = corpus.revise(Corpus.COLLECTION, id, text, random.nextInt(4) == 0 ? "group:hr" : "*");
        }
        topic.add(revised);
        revisions.computeIfAbsent(key, k -> new ArrayList<>()).add(revised);
    }

    /** Applies what is next; a kill leaves the position where it was. */
    void lane(boolean killed) {
        int end = Math.min(topic.size(), position + 1 + random.nextInt(4));
        List<DocumentRevised> batch = topic.subList(position, end);
        if (batch.isEmpty()) {
            return;
        }
        indexer.apply(batch);
        Map<DocumentKey, DocumentRevised> newest = new HashMap<>();
        batch.forEach(r -> newest.put(r.key(), r));
        newest.forEach((key, r) -> {
            if (applied.merge(key, r.revision(), Math::max) == r.revision()) {
                written.computeIfAbsent(key, k -> new ArrayList<>()).add(r);
            }
        });
        if (!killed) {
            position = end;
        }
    }

    void drain() {
        while (position < topic.size()) {
            lane(false);
        }
    }

    /** Builds as far as it comes; {@code between} is run after each step is embedded, {@code written} after it is in the index. */
    void build(BooleanSupplier stop, BooleanSupplier between, Runnable written) {
        PassageIndex told = telling(written);
        BuildParts parts = new BuildParts(
                table,
                told,
                told,
                corpus.store,
                embedders::forPassages,
                corpus,
                new Throttle(100, between),
                3,
                new IndexListener() {},
                Runnable::run,
                corpus::now);
        for (GenerationRow row : table.in(GenerationState.BUILDING)) {
            new GenerationBuild(row, parts, stop).run();
        }
    }

    private PassageIndex telling(Runnable written) {
        return (PassageIndex) Proxy.newProxyInstance(
                PassageIndex.class.getClassLoader(),
                new Class<?>[] {PassageIndex.class},
                (proxy, method, arguments) -> {
                    Object answer = method.invoke(index, arguments);
                    if (method.getName().equals("apply")) {
                        written.run();
                    }
                    return answer;
                });
    }

    List<GenerationRow> rows() {
        return table.of(Corpus.COLLECTION);
    }

    /** @return whether it was done; what may be refused is refused with a code that says so */
    boolean attempted(Runnable act) {
        try {
            act.run();
            return true;
        } catch (PalimpsestException e) {
            assertThat(e.code())
                    .isIn(
                            ErrorCode.GENERATION_GATES_FAILED,
                            ErrorCode.GENERATION_UNDER_WAY,
                            ErrorCode.GENERATION_IN_USE,
                            ErrorCode.GENERATION_NOT_READY,
                            ErrorCode.NOTHING_TO_ROLL_BACK,
                            ErrorCode.MODEL_UNSUITABLE);
            return false;
        }
    }

    /** Laws 1, 2 and 8: whatever is live has all that the lane has applied, and nothing that never was. */
    void checkLive() {
        Optional<Serving> live = generations.live(Corpus.COLLECTION);
        assertThat(live.isPresent()).isEqualTo(!applied.isEmpty());
        live.ifPresent(serving -> {
            assertThat(rows().stream()
                            .filter(row -> row.state() == GenerationState.LIVE)
                            .map(GenerationRow::id))
                    .containsExactly(serving.id());
            revisions.forEach((key, all) -> checkDocument(serving, key, all));
        });
    }

    private void checkDocument(Serving serving, DocumentKey key, List<DocumentRevised> all) {
        long least = applied.getOrDefault(key, 0L);
        Optional<IndexedDocument> there = index.document(serving.passages().id(), key, null);
        boolean allowed = there.map(document -> all.stream()
                        .anyMatch(r -> r.revision() == document.version()
                                && r.revision() >= least
                                && r.state() == DocumentRevised.State.LIVE))
                .orElseGet(() -> least == 0
                        || all.stream()
                                .anyMatch(r -> r.revision() >= least && r.state() != DocumentRevised.State.LIVE));
        assertThat(allowed)
                .as("%s in %s: %s, applied %s", key, serving.id(), there.map(IndexedDocument::version), least)
                .isTrue();
    }

    /** Laws 3, 4, 6 and 7. */
    void checkSearch() {
        String query = words(2);
        assertThat(search.retrieve(
                                Corpus.caller("other", Corpus.COLLECTION.collection(), "eve"),
                                Corpus.COLLECTION,
                                SearchRequest.of(query),
                                SearchTarget.LIVE)
                        .hits())
                .isEmpty();
        for (Caller caller : List.of(ANN, HR)) {
            Retrieval found = search.retrieve(
                    caller, Corpus.COLLECTION, SearchRequest.of(query).withLimit(50), SearchTarget.LIVE);
            Map<DocumentKey, Long> seen = new HashMap<>();
            for (RankedPassage hit : found.hits()) {
                DocumentRevised shown = hit.resolved().revision();
                DocumentRevised current = corpus.current(shown.key()).orElseThrow();
                assertThat(current.state()).isEqualTo(DocumentRevised.State.LIVE);
                assertThat(current.access()).anyMatch(caller.principals()::contains);
                assertThat(seen.merge(shown.key(), shown.revision(), (a, b) -> a.equals(b) ? a : -1L))
                        .as("two revisions of %s in one answer", shown.key())
                        .isPositive();
                assertThat(hit.resolved().document().text())
                        .contains(hit.resolved().text());
            }
        }
    }

    /** With nothing on its way any more: as of a moment the answer is what was current then, whatever was swapped since. */
    void checkPast(Instant moment) {
        Serving serving;
        try {
            serving = generations.asOf(Corpus.COLLECTION, moment).orElseThrow();
        } catch (PalimpsestException e) {
            assertThat(e.code()).isEqualTo(ErrorCode.AS_OF_NOT_RETAINED);
            return;
        }
        if (!table.find(serving.id()).orElseThrow().isUpToDate()) {
            return; // what was on its way when it got its last change, it never got
        }
        revisions.forEach((key, all) -> checkDocument(serving, key, all, moment));
    }

    /** A build may have put in a revision that the lane has skipped. */
    private void checkDocument(Serving serving, DocumentKey key, List<DocumentRevised> all, Instant moment) {
        long least = written.getOrDefault(key, List.of()).stream()
                .filter(r -> !r.revisedAt().isAfter(moment))
                .mapToLong(DocumentRevised::revision)
                .max()
                .orElse(0);
        List<DocumentRevised> possible = all.stream()
                .filter(r -> !r.revisedAt().isAfter(moment) && r.revision() >= least)
                .toList();
        Optional<Long> there =
                index.document(serving.passages().id(), key, moment).map(IndexedDocument::version);
        boolean allowed = there.map(version -> possible.stream()
                        .anyMatch(r -> r.revision() == version && r.state() == DocumentRevised.State.LIVE))
                .orElseGet(
                        () -> least == 0 || possible.stream().anyMatch(r -> r.state() != DocumentRevised.State.LIVE));
        assertThat(allowed)
                .as("%s as of %s in %s: %s, at least %s", key, moment, serving.id(), there, least)
                .isTrue();
    }

    @Override
    public void close() {
        models.close();
    }
}
