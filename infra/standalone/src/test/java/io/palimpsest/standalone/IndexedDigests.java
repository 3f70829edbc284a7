package io.palimpsest.standalone;

import io.palimpsest.contracts.id.ContentHash;
import io.palimpsest.contracts.id.DocumentKey;
import io.palimpsest.contracts.id.GenerationId;
import io.palimpsest.index.lucene.LucenePassageIndex;
import io.palimpsest.index.passages.DocumentDigest;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/** What the index of a node that has stopped has of each document: two that are equal have the same passages. */
final class IndexedDigests {
    private static final int PAGE = 500;

    private IndexedDigests() {}

    /** By document id, of the first generation. */
    static SortedMap<String, ContentHash> of(Path dataDir) {
        SortedMap<String, ContentHash> digests = new TreeMap<>();
        try (LucenePassageIndex index = index(dataDir)) {
            read(index, index.generations().getFirst().id())
                    .forEach(digest -> digests.put(digest.key().document().value(), digest.passages()));
        }
        return digests;
    }

    /** Of one generation, in the order of {@link DocumentDigest#ORDER}. */
    static List<DocumentDigest> of(Path dataDir, String generation) {
        try (LucenePassageIndex index = index(dataDir)) {
            return read(index, new GenerationId(generation));
        }
    }

    private static LucenePassageIndex index(Path dataDir) {
        return new LucenePassageIndex(dataDir.resolve("index"));
    }

    private static List<DocumentDigest> read(LucenePassageIndex index, GenerationId generation) {
        List<DocumentDigest> digests = new ArrayList<>();
        DocumentKey after = null;
        List<DocumentDigest> page;
        do {
            page = index.digests(generation, after, PAGE);
            digests.addAll(page);
            after = page.isEmpty() ? null : page.getLast().key();
        } while (!page.isEmpty());
        return digests;
    }
}
