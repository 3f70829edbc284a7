package io.palimpsest.index.search;

import io.palimpsest.contracts.content.Block;
import io.palimpsest.contracts.content.BlockKind;
import io.palimpsest.contracts.content.ExtractedDocument;
import io.palimpsest.contracts.content.Passage;
import io.palimpsest.contracts.content.PassageManifest;
import io.palimpsest.contracts.event.DocumentRevised;
import io.palimpsest.contracts.event.Json;
import io.palimpsest.contracts.event.QueryServed;
import io.palimpsest.contracts.id.ChangeId;
import io.palimpsest.contracts.id.CollectionId;
import io.palimpsest.contracts.id.CollectionKey;
import io.palimpsest.contracts.id.ContentHash;
import io.palimpsest.contracts.id.DocumentKey;
import io.palimpsest.contracts.id.GenerationId;
import io.palimpsest.contracts.id.PassageId;
import io.palimpsest.contracts.id.PassagePolicyId;
import io.palimpsest.index.embed.Embedder;
import io.palimpsest.index.embed.HashingEmbedder;
import io.palimpsest.index.generation.LiveGenerations;
import io.palimpsest.index.generation.Serving;
import io.palimpsest.index.passages.AccessList;
import io.palimpsest.index.passages.DocumentWrite;
import io.palimpsest.index.passages.Generation;
import io.palimpsest.index.passages.InMemoryPassageIndex;
import io.palimpsest.index.passages.PassageEntry;
import io.palimpsest.index.passages.PassageIndex;
import io.palimpsest.index.querylog.QueryRecord;
import io.palimpsest.index.rerank.Reranker;
import io.palimpsest.index.revision.CurrentRevisions;
import io.palimpsest.index.revision.RevisionListing;
import io.palimpsest.index.rewrite.Acronyms;
import io.palimpsest.index.rewrite.QueryRewriter;
import io.palimpsest.platform.content.ContentStore;
import io.palimpsest.platform.content.InMemoryContentStore;
import io.palimpsest.platform.security.Caller;
import io.palimpsest.platform.security.Role;
import io.palimpsest.platform.telemetry.Telemetry;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Documents as search sees them: a view of what is current, and an index that is brought up to date only when told to.
 * Passages are the paragraphs of a text, separated by blank lines.
 */
public final class Corpus implements RevisionListing {
    public static final CollectionKey COLLECTION = CollectionKey.of("acme", "docs");
    public static final History HISTORY = new History(Duration.ofDays(100_000), Clock.systemUTC());
    private static final PassagePolicyId POLICY = new PassagePolicyId("paragraphs/1");

    public final PassageIndex index = new InMemoryPassageIndex();
    public final ContentStore store = new InMemoryContentStore();
    public final StoredTexts texts = new StoredTexts(store, 1 << 24);
    public final Acronyms acronyms = new Acronyms();
    public final Embedder embedder;
    public final List<QueryRecord> log = new ArrayList<>();
    public final List<QueryServed> facts = new ArrayList<>();
    public final Telemetry telemetry = Telemetry.local();
    public Instant appliedThrough = Instant.MAX;
    private final Map<CollectionKey, Generation> generations = new HashMap<>();
    private final Map<DocumentKey, DocumentRevised> current = new HashMap<>();
    private Instant now = Instant.parse("2026-01-01T00:00:00Z");

    public Corpus() {
        this(new HashingEmbedder());
    }

    public Corpus(Embedder embedder) {
        this.embedder = embedder;
    }

    @Override
    public Optional<DocumentRevised> current(DocumentKey key) {
        return Optional.ofNullable(current.get(key));
    }

    @Override
    public Instant appliedThrough() {
        return now;
    }

    @Override
    public void forEach(Consumer<DocumentRevised> action) {
        List.copyOf(current.values()).forEach(action);
    }

    public Instant now() {
        return now;
    }

    public SearchService search(@Nullable Reranker reranker) {
        return search(reranker, this);
    }

    /** @param view of what is current, instead of this */
    SearchService search(@Nullable Reranker reranker, CurrentRevisions view) {
        return search(reranker, view, Clock.systemUTC());
    }

    /** By the clock of {@link #now}, which goes on with each revision. */
    public SearchService searchAsTimeGoesBy(@Nullable Reranker reranker) {
        return search(reranker, this, new Clock() {
            @Override
            public ZoneId getZone() {
                return ZoneOffset.UTC;
            }

            @Override
            public Clock withZone(ZoneId zone) {
                return this;
            }

            @Override
            public Instant instant() {
                return now;
            }
        });
    }

    public LiveGenerations generations() {
        return collection -> Optional.ofNullable(generations.get(collection)).map(Serving::of);
    }

    private SearchService search(@Nullable Reranker reranker, CurrentRevisions view, Clock clock) {
        return new SearchService(new SearchParts(
                index,
                generations(),
                model -> embedder,
                view,
                collection -> appliedThrough,
                texts,
                new QueryRewriter(index, acronyms, Optional.empty()),
                Optional.ofNullable(reranker),
                log::add,
                fact -> facts.add(fact.get()),
                shadow -> {},
                text -> text.split(" ").length,
                telemetry,
                Duration.ofMillis(50),
                HISTORY,
                100,
                clock));
    }

    public SearchService search() {
        return search(null);
    }

    public static Caller caller(String name, String... groups) {
        return new Caller(
                COLLECTION.tenant(), name, Set.of(groups), Set.of(COLLECTION.collection()), Set.of(Role.SEARCH));
    }

    public static Caller caller(String tenant, CollectionId collection, String name) {
        return new Caller(
                new io.palimpsest.contracts.id.TenantId(tenant),
                name,
                Set.of(),
                Set.of(collection),
                Set.of(Role.SEARCH));
    }

    /** A new revision in the view; the index does not have it before {@link #index}. */
    public DocumentRevised revise(CollectionKey collection, String id, String text, String... access) {
        DocumentKey key = DocumentKey.of(collection, id);
        ExtractedDocument document = new ExtractedDocument(null, "text/plain", text, paragraphs(text), Map.of());
        List<Passage> passages = passages(document);
        return put(
                key,
                DocumentRevised.State.LIVE,
                store.put(key, Json.write(document)),
                store.put(key, Json.write(new PassageManifest(POLICY, passages))),
                passages.size(),
                List.of(access));
    }

    public DocumentRevised add(String id, String text) {
        DocumentRevised revised = revise(COLLECTION, id, text, "*");
        index(revised);
        return revised;
    }

    /** Deleted in the view only. */
    public DocumentRevised delete(CollectionKey collection, String id) {
        DocumentKey key = DocumentKey.of(collection, id);
        List<String> access = current(key).map(DocumentRevised::access).orElse(List.of());
        return put(key, DocumentRevised.State.DELETED, null, null, 0, access);
    }

    /** Only the access list changes, in the view only. */
    public DocumentRevised restrict(CollectionKey collection, String id, String... access) {
        DocumentRevised r = current(DocumentKey.of(collection, id)).orElseThrow();
        return put(r.key(), r.state(), r.extracted(), r.passages(), r.passageCount(), List.of(access));
    }

    public void index(DocumentRevised revised) {
        Generation generation = generations.computeIfAbsent(revised.key().collectionKey(), collection -> {
            Generation made = new Generation(
                    new GenerationId(collection.toString().replace('/', '.')),
                    collection,
                    embedder.model(),
                    POLICY,
                    embedder.dimensions());
            index.createGeneration(made);
            return made;
        });
        index.apply(generation.id(), List.of(write(revised)));
    }

    private DocumentWrite write(DocumentRevised revised) {
        if (revised.state() != DocumentRevised.State.LIVE) {
            return new DocumentWrite.Delete(revised.key(), revised.revision(), revised.revisedAt());
        }
        ExtractedDocument document = texts.document(
                        revised.key(), java.util.Objects.requireNonNull(revised.extracted()))
                .orElseThrow();
        List<PassageEntry> entries = passages(document).stream()
                .map(p -> new PassageEntry(
                        p.id(),
                        p.embeddedTextIn(document),
                        embedder.embed(List.of(p.embeddedTextIn(document))).getFirst()))
                .toList();
        return new DocumentWrite.Put(
                revised.key(),
                revised.revision(),
                revised.revisedAt(),
                Json.writeText(revised),
                new AccessList(new HashSet<>(revised.access())),
                revised.labels(),
                entries);
    }

    private DocumentRevised put(
            DocumentKey key,
            DocumentRevised.State state,
            @Nullable ContentHash extracted,
            @Nullable ContentHash passages,
            int count,
            List<String> access) {
        long revision = current(key).map(DocumentRevised::revision).orElse(0L) + 1;
        now = now.plusSeconds(1);
        DocumentRevised revised = new DocumentRevised(
                key,
                revision,
                revision,
                revision,
                new ChangeId("c" + revision),
                "test",
                state,
                null,
                extracted,
                passages,
                count,
                key.document().value(),
                null,
                "text/plain",
                access,
                Map.of(),
                false,
                null,
                POLICY,
                null,
                now,
                now);
        current.put(key, revised);
        return revised;
    }

    private static List<Block> paragraphs(String text) {
        List<Block> blocks = new ArrayList<>();
        int start = 0;
        while (start < text.length()) {
            int gap = text.indexOf("\n\n", start);
            int end = gap < 0 ? text.length() : gap;
            if (end > start) {
                blocks.add(Block.of(BlockKind.PARAGRAPH, start, end));
            }
            start = end + 2;
        }
        return blocks;
    }

    private static List<Passage> passages(ExtractedDocument document) {
        Map<ContentHash, Integer> occurrences = new HashMap<>();
        List<Passage> passages = new ArrayList<>();
        for (Block block : document.blocks()) {
            ContentHash hash = ContentHash.ofText(document.textOf(block));
            int occurrence = occurrences.merge(hash, 1, Integer::sum) - 1;
            passages.add(new Passage(
                    PassageId.of(hash, occurrence), block.start(), block.end(), List.of(), null, null, hash, 1));
        }
        return passages;
    }
}
