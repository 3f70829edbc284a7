package io.palimpsest.index.erase;

import io.palimpsest.contracts.content.ExtractedDocument;
import io.palimpsest.contracts.content.PassageManifest;
import io.palimpsest.contracts.error.ErrorCode;
import io.palimpsest.contracts.error.PalimpsestException;
import io.palimpsest.contracts.id.ContentHash;
import io.palimpsest.contracts.id.DocumentKey;
import io.palimpsest.index.embed.EmbeddingCache;
import io.palimpsest.index.search.StoredForm;
import io.palimpsest.platform.content.ContentStore;
import io.palimpsest.platform.database.Sql;
import io.palimpsest.platform.erasure.ErasableStore;
import io.palimpsest.platform.erasure.Erasing;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Vectors of the document's passages, under every model: they are found by the hashes of the texts, which only the texts tell. So the
 * hashes are noted before anything is erased. A text that another document has too is embedded again when it is next needed.
 */
record CachedVectors(ContentStore contents, EmbeddingCache cache, Sql sql) implements ErasableStore {
    @Override
    public String name() {
        return "embeddings";
    }

    @Override
    public Phase phase() {
        return Phase.COPIES;
    }

    @Override
    public Coverage covers() {
        return Coverage.tables("embedding_cache");
    }

    @Override
    public void find(Erasing erasing) {
        List<String> unused = erasing.remember("texts before", () -> hashes(erasing.document()));
    }

    @Override
    public long erase(Erasing erasing) {
        return cache.remove(noted(erasing));
    }

    @Override
    public Probed probe(Erasing erasing) {
        return Probed.of(cache.count(noted(erasing)));
    }

    /** Also of a revision that came between the first look and the suppression. */
    private Set<ContentHash> noted(Erasing erasing) {
        List<String> before = erasing.remember("texts before", List::of);
        List<String> now = erasing.remember("texts", () -> hashes(erasing.document()));
        return Stream.concat(before.stream(), now.stream())
                .map(ContentHash::new)
                .collect(Collectors.toSet());
    }

    private record Form(String extracted, String passages) {}

    private List<String> hashes(DocumentKey document) {
        Set<String> hashes = new LinkedHashSet<>();
        for (Form form : sql.query(
                "SELECT DISTINCT extracted, passages FROM extraction WHERE document_key = ? AND extracted IS NOT NULL"
                        + " AND passages IS NOT NULL",
                row -> new Form(row.getString(1), row.getString(2)),
                document.toString())) {
            hashes.addAll(hashes(document, form));
        }
        return List.copyOf(hashes);
    }

    /** None of what is gone already, or was never whole. */
    private List<String> hashes(DocumentKey document, Form form) {
        try {
            ExtractedDocument text =
                    StoredForm.read(contents, document, new ContentHash(form.extracted()), ExtractedDocument.class);
            return StoredForm.read(contents, document, new ContentHash(form.passages()), PassageManifest.class)
                    .passages()
                    .stream()
                    .map(passage ->
                            ContentHash.ofText(passage.embeddedTextIn(text)).value())
                    .toList();
        } catch (PalimpsestException e) {
            if (e.code() == ErrorCode.CONTENT_GONE || e.code() == ErrorCode.CONTENT_DAMAGED) {
                return List.of();
            }
            throw e;
        }
    }
}
