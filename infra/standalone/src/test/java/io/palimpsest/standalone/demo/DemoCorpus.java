package io.palimpsest.standalone.demo;

import io.palimpsest.contracts.content.ExtractedDocument;
import io.palimpsest.contracts.content.Passage;
import io.palimpsest.contracts.content.PassageManifest;
import io.palimpsest.contracts.event.DocumentRevised;
import io.palimpsest.contracts.event.Json;
import io.palimpsest.contracts.id.ChangeId;
import io.palimpsest.contracts.id.CollectionKey;
import io.palimpsest.contracts.id.DocumentKey;
import io.palimpsest.contracts.id.GenerationId;
import io.palimpsest.index.answer.AnswerParts;
import io.palimpsest.index.answer.AnswerRequest;
import io.palimpsest.index.answer.AnswerResponse;
import io.palimpsest.index.answer.AnswerService;
import io.palimpsest.index.answer.ExtractiveGenerator;
import io.palimpsest.index.answer.GroundingThresholds;
import io.palimpsest.index.embed.OnnxEmbedder;
import io.palimpsest.index.embed.OnnxModel;
import io.palimpsest.index.embed.Precision;
import io.palimpsest.index.generation.Serving;
import io.palimpsest.index.lucene.LucenePassageIndex;
import io.palimpsest.index.passages.AccessList;
import io.palimpsest.index.passages.DocumentWrite;
import io.palimpsest.index.passages.Generation;
import io.palimpsest.index.passages.PassageEntry;
import io.palimpsest.index.revision.CurrentRevisions;
import io.palimpsest.index.rewrite.Acronyms;
import io.palimpsest.index.rewrite.QueryRewriter;
import io.palimpsest.index.search.History;
import io.palimpsest.index.search.SearchParts;
import io.palimpsest.index.search.SearchService;
import io.palimpsest.index.search.StoredTexts;
import io.palimpsest.ingest.extract.ExtractLimits;
import io.palimpsest.ingest.extract.ExtractionOutcome.Extracted;
import io.palimpsest.ingest.extract.ForkSettings;
import io.palimpsest.ingest.extract.ForkedExtractor;
import io.palimpsest.ingest.extract.markdown.MarkdownBlocks;
import io.palimpsest.ingest.passage.PassageCutter;
import io.palimpsest.ingest.passage.PassagePolicy;
import io.palimpsest.platform.content.ContentStore;
import io.palimpsest.platform.security.Caller;
import io.palimpsest.platform.security.Role;
import io.palimpsest.platform.telemetry.Telemetry;
import io.palimpsest.platform.tokens.EmbedderTokenizer;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The demo's documents extracted, cut, embedded and indexed by the real engines, without a broker or servers. */
final class DemoCorpus implements CurrentRevisions, AutoCloseable {
    private static final CollectionKey COLLECTION = CollectionKey.of("local", "default");
    private static final Instant NOW = Instant.parse("2026-10-01T00:00:00Z");

    private final Map<DocumentKey, DocumentRevised> current = new HashMap<>();
    private final PassagePolicy policy = PassagePolicy.standard();
    private final EmbedderTokenizer tokenizer;
    private final OnnxEmbedder embedder;
    private final LucenePassageIndex index;
    private final ContentStore store;
    private final Generation generation;
    private final AnswerService answers;

    DemoCorpus(Path dir, ContentStore store) {
        this.store = store;
        Path models = Path.of("target", "models").toAbsolutePath();
        tokenizer = EmbedderTokenizer.miniLm(models.resolve("natives"));
        embedder = new OnnxEmbedder(OnnxModel.miniLm(Precision.FP32, models), tokenizer);
        index = new LucenePassageIndex(dir.resolve("index"));
        generation = new Generation(
                new GenerationId("demo"), COLLECTION, embedder.model(), policy.id(), embedder.dimensions());
        index.createGeneration(generation);
        add(dir);
        answers = answers();
    }

    AnswerResponse ask(String question) {
        Caller caller =
                new Caller(COLLECTION.tenant(), "ann", Set.of(), Set.of(COLLECTION.collection()), Set.of(Role.SEARCH));
        return answers.answer(caller, COLLECTION, AnswerRequest.of(question));
    }

    private AnswerService answers() {
        Telemetry telemetry = Telemetry.local();
        SearchService search = new SearchService(new SearchParts(
                index,
                collection -> Optional.of(Serving.of(generation)),
                model -> embedder,
                this,
                collection -> NOW,
                new StoredTexts(store, 1 << 24),
                new QueryRewriter(index, new Acronyms(), Optional.empty()),
                Optional.empty(),
                record -> {},
                fact -> {},
                shadow -> {},
                text -> 0,
                telemetry,
                Duration.ofSeconds(1),
                new History(Duration.ofDays(30), Clock.systemUTC()),
                100,
                Clock.systemUTC()));
        return new AnswerService(new AnswerParts(
                search,
                new ExtractiveGenerator(embedder),
                embedder,
                GroundingThresholds.MINI_LM,
                tokenizer::count,
                3000,
                telemetry));
    }

    private void add(Path dir) {
        DemoDocuments documents = new DemoDocuments();
        documents.writeTo(dir.resolve("docs"));
        PassageCutter cutter = new PassageCutter(policy, tokenizer::count);
        try (ForkedExtractor extractor = new ForkedExtractor(
                ExtractLimits.DEFAULT, dir.resolve("work"), MarkdownBlocks::read, ForkSettings.DEFAULT)) {
            for (String name : documents.names()) {
                Extracted extracted =
                        (Extracted) extractor.extract(dir.resolve("docs").resolve(name), null, name);
                PassageManifest manifest = cutter.cut(extracted.document());
                if (manifest.passages().isEmpty()) {
                    throw new IllegalStateException(name + " gave no passages: " + extracted);
                }
                add(name, extracted.document(), manifest);
            }
        }
    }

    private void add(String name, ExtractedDocument document, PassageManifest manifest) {
        DocumentKey key = DocumentKey.of(COLLECTION, name);
        DocumentRevised revised = new DocumentRevised(
                key,
                1,
                1,
                1,
                new ChangeId(name),
                "test",
                DocumentRevised.State.LIVE,
                null,
                store.put(key, Json.write(document)),
                store.put(key, Json.write(manifest)),
                manifest.passages().size(),
                document.title(),
                name,
                document.mediaType(),
                List.of("*"),
                Map.of(),
                false,
                null,
                policy.id(),
                null,
                NOW,
                NOW);
        current.put(key, revised);
        index.apply(
                generation.id(),
                List.of(new DocumentWrite.Put(
                        key,
                        1,
                        NOW,
                        Json.writeText(revised),
                        new AccessList(Set.of("*")),
                        Map.of(),
                        entries(document, manifest))));
    }

    private List<PassageEntry> entries(ExtractedDocument document, PassageManifest manifest) {
        List<Passage> passages = manifest.passages();
        List<String> texts =
                passages.stream().map(p -> p.embeddedTextIn(document)).toList();
        List<float[]> vectors = embedder.embed(texts);
        return java.util.stream.IntStream.range(0, texts.size())
                .mapToObj(i -> new PassageEntry(passages.get(i).id(), texts.get(i), vectors.get(i)))
                .toList();
    }

    @Override
    public Optional<DocumentRevised> current(DocumentKey key) {
        return Optional.ofNullable(current.get(key));
    }

    @Override
    public Instant appliedThrough() {
        return NOW;
    }

    @Override
    public void close() {
        index.close();
        embedder.close();
        tokenizer.close();
    }
}
