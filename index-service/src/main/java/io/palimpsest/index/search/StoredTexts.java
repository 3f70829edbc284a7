package io.palimpsest.index.search;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.palimpsest.contracts.content.ExtractedDocument;
import io.palimpsest.contracts.content.Passage;
import io.palimpsest.contracts.content.PassageManifest;
import io.palimpsest.contracts.error.ErrorCode;
import io.palimpsest.contracts.error.PalimpsestException;
import io.palimpsest.contracts.event.DocumentRevised;
import io.palimpsest.contracts.id.ContentHash;
import io.palimpsest.contracts.id.DocumentKey;
import io.palimpsest.contracts.id.PassageId;
import io.palimpsest.platform.content.ContentStore;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Texts and passages of revisions from the content store, with a cache bounded in bytes.
 *
 * <p>Threading: safe. Failure: erased content is absent, also while a copy is cached, and so is damaged content: it
 * costs a search one hit, not all. A store that does not answer is {@code STORE_FAILED}.
 */
public final class StoredTexts {
    /** Erased text leaves the memory after this at the latest. */
    private static final Duration MAX_AGE = Duration.ofMinutes(10);

    private static final int BYTES_PER_BLOCK = 48;
    private static final int BYTES_PER_PASSAGE = 400;

    private final ContentStore store;
    private final Cache<Address, ExtractedDocument> documents;
    private final Cache<Address, Map<PassageId, Passage>> manifests;

    private record Address(DocumentKey key, ContentHash hash) {}

    /** @param maxBytes of both caches together, estimated */
    public StoredTexts(ContentStore store, long maxBytes) {
        this.store = store;
        this.documents = Caffeine.newBuilder()
                .maximumWeight(maxBytes * 3 / 4)
                .expireAfterWrite(MAX_AGE)
                .weigher((Address at, ExtractedDocument text) -> 2 * text.text().length()
                        + BYTES_PER_BLOCK * text.blocks().size())
                .build();
        this.manifests = Caffeine.newBuilder()
                .maximumWeight(maxBytes / 4)
                .expireAfterWrite(MAX_AGE)
                .weigher((Address at, Map<PassageId, Passage> passages) -> BYTES_PER_PASSAGE * (1 + passages.size()))
                .build();
    }

    /** The extracted document; empty when it, or the document's key, was erased, or it is damaged. */
    public Optional<ExtractedDocument> document(DocumentKey key, ContentHash extracted) {
        return read(documents, new Address(key, extracted), ExtractedDocument.class, document -> document);
    }

    /** A passage of a revision; empty when the revision has none of that id or its content is erased or damaged. */
    public Optional<ResolvedPassage> passage(DocumentRevised revision, PassageId id) {
        ContentHash extracted = revision.extracted();
        ContentHash manifest = revision.passages();
        if (extracted == null || manifest == null) {
            return Optional.empty();
        }
        return read(manifests, new Address(revision.key(), manifest), PassageManifest.class, StoredTexts::byId)
                .map(passages -> passages.get(id))
                .flatMap(passage -> document(revision.key(), extracted)
                        .filter(document -> passage.end() <= document.text().length())
                        .map(document -> new ResolvedPassage(revision, passage, document)));
    }

    private static Map<PassageId, Passage> byId(PassageManifest manifest) {
        Map<PassageId, Passage> passages = new HashMap<>();
        manifest.passages().forEach(passage -> passages.put(passage.id(), passage));
        return passages;
    }

    private <S, T> Optional<T> read(
            Cache<Address, T> cache, Address at, Class<S> type, java.util.function.Function<S, T> form) {
        T cached = cache.getIfPresent(at);
        if (cached != null) {
            if (store.contains(at.key(), at.hash())) {
                return Optional.of(cached);
            }
            cache.invalidate(at);
            return Optional.empty();
        }
        try {
            T read = form.apply(StoredForm.read(store, at.key(), at.hash(), type));
            cache.put(at, read);
            return Optional.of(read);
        } catch (PalimpsestException e) {
            if (e.code() == ErrorCode.CONTENT_GONE || e.code() == ErrorCode.CONTENT_DAMAGED) {
                return Optional.empty();
            }
            throw e;
        }
    }
}
