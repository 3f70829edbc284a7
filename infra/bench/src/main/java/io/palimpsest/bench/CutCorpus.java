package io.palimpsest.bench;

import io.palimpsest.contracts.content.ExtractedDocument;
import io.palimpsest.contracts.content.Passage;
import io.palimpsest.contracts.content.PassageManifest;
import io.palimpsest.contracts.event.DocumentRevised;
import io.palimpsest.contracts.event.Json;
import io.palimpsest.contracts.id.ChangeId;
import io.palimpsest.contracts.id.CollectionKey;
import io.palimpsest.contracts.id.DocumentKey;
import io.palimpsest.contracts.id.GenerationId;
import io.palimpsest.contracts.id.PassagePolicyId;
import io.palimpsest.index.embed.Embedder;
import io.palimpsest.index.generation.Serving;
import io.palimpsest.index.lucene.LucenePassageIndex;
import io.palimpsest.index.passages.AccessList;
import io.palimpsest.index.passages.DocumentWrite;
import io.palimpsest.index.passages.Generation;
import io.palimpsest.index.passages.PassageEntry;
import io.palimpsest.index.revision.CurrentRevisions;
import io.palimpsest.index.rewrite.Acronyms;
import io.palimpsest.index.rewrite.QueryRewriter;
import io.palimpsest.index.search.FusionMethod;
import io.palimpsest.index.search.History;
import io.palimpsest.index.search.SearchMode;
import io.palimpsest.index.search.SearchParts;
import io.palimpsest.index.search.SearchRequest;
import io.palimpsest.index.search.SearchService;
import io.palimpsest.index.search.StoredTexts;
import io.palimpsest.platform.config.Settings;
import io.palimpsest.platform.content.ContentStore;
import io.palimpsest.platform.content.DocumentKeys;
import io.palimpsest.platform.content.FileContentStore;
import io.palimpsest.platform.content.MasterKey;
import io.palimpsest.platform.database.Database;
import io.palimpsest.platform.security.Caller;
import io.palimpsest.platform.security.Role;
import io.palimpsest.platform.telemetry.Telemetry;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/** Documents already cut, embedded, indexed and searched in process by the real engines, without broker and servers. */
final class CutCorpus implements CurrentRevisions, AutoCloseable {
    private static final CollectionKey COLLECTION = CollectionKey.of("bench", "passages");
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
    private static final int CANDIDATES = 100;
    private static final Caller CALLER =
            new Caller(COLLECTION.tenant(), "bench", Set.of(), Set.of(COLLECTION.collection()), Set.of(Role.SEARCH));

    private final Map<DocumentKey, DocumentRevised> current = new HashMap<>();
    private final Function<List<String>, List<float[]>> vectors;
    private final Generation generation;
    private final Database database;
    private final ContentStore store;
    private final LucenePassageIndex index;
    private final SearchService search;

    /** @param vectors of passages' texts; the embedder is for queries */
    CutCorpus(Path directory, Embedder embedder, Function<List<String>, List<float[]>> vectors) {
        this.vectors = vectors;
        Settings settings = Settings.load(Map.of("data.dir", directory.toString()));
        database = Database.open(settings.database());
        DocumentKeys keys = new DocumentKeys(
                database.sql(), MasterKey.ensure(settings.content().masterKeyFile()));
        store = new FileContentStore(settings.content().directory(), keys, FileContentStore.Durability.PROCESS);
        index = new LucenePassageIndex(directory.resolve("index"));
        generation = new Generation(
                new GenerationId("passages"),
                COLLECTION,
                embedder.model(),
                new PassagePolicyId("bench"),
                embedder.dimensions());
        index.createGeneration(generation);
        search = new SearchService(new SearchParts(
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
                Telemetry.local(),
                Duration.ofSeconds(1),
                new History(Duration.ofDays(1), Clock.systemUTC()),
                CANDIDATES,
                Clock.systemUTC()));
    }

    void add(String id, ExtractedDocument document, PassageManifest manifest) {
        DocumentKey key = DocumentKey.of(COLLECTION, id);
        DocumentRevised revised = new DocumentRevised(
                key,
                1,
                1,
                1,
                new ChangeId(id),
                "bench",
                DocumentRevised.State.LIVE,
                null,
                store.put(key, Json.write(document)),
                store.put(key, Json.write(manifest)),
                manifest.passages().size(),
                document.title(),
                id,
                document.mediaType(),
                List.of("*"),
                Map.of(),
                false,
                null,
                manifest.policy(),
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
                        entries(document, manifest.passages()))));
    }

    private List<PassageEntry> entries(ExtractedDocument document, List<Passage> passages) {
        List<String> texts =
                passages.stream().map(p -> p.embeddedTextIn(document)).toList();
        List<float[]> embedded = vectors.apply(texts);
        List<PassageEntry> entries = new ArrayList<>();
        for (int i = 0; i < texts.size(); i++) {
            entries.add(new PassageEntry(passages.get(i).id(), texts.get(i), embedded.get(i)));
        }
        return entries;
    }

    /** Distinct document ids, best first. */
    List<String> search(String query, int limit) {
        return search(query, limit, SearchMode.HYBRID);
    }

    /** Distinct document ids, best first. */
    List<String> search(String query, int limit, SearchMode mode) {
        SearchRequest request = new SearchRequest(
                query,
                limit,
                mode,
                FusionMethod.SCORES,
                SearchRequest.DEFAULT_VECTOR_WEIGHT,
                Map.of(),
                null,
                null,
                false,
                false,
                true);
        return search.search(CALLER, COLLECTION, request).hits().stream()
                .map(hit -> hit.document().value())
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
        database.close();
    }
}
