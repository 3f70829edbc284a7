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
import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

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
        return cache.remove(noted(erasing).stream().map(ContentHash::new).toList());
    }

    @Override
    public Probed probe(Erasing erasing) {
        long found = 0;
        for (String hash : noted(erasing)) {
            found += sql.first(
                            "SELECT COUNT(*) FROM embedding_cache WHERE text_hash = ?", row -> row.getLong(1), (Object)
                                    bytes(hash))
                    .orElse(0L);
        }
        return Probed.of(found);
    }

    /** Also of a revision that came between the first look and the suppression. */
    private Set<String> noted(Erasing erasing) {
        Set<String> all = new TreeSet<>(erasing.remember("texts before", List::of));
        all.addAll(erasing.remember("texts", () -> hashes(erasing.document())));
        return all;
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

    private static byte[] bytes(String hash) {
        return HexFormat.of().parseHex(hash);
    }
}
