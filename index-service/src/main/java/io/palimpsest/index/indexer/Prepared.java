package io.palimpsest.index.indexer;

import io.palimpsest.contracts.error.ErrorCode;
import io.palimpsest.contracts.error.PalimpsestException;
import io.palimpsest.contracts.event.DocumentRevised;
import io.palimpsest.contracts.event.Json;
import io.palimpsest.index.embed.EmbeddedBatch;
import io.palimpsest.index.passages.AccessList;
import io.palimpsest.index.passages.DocumentWrite;
import io.palimpsest.index.passages.PassageEntry;
import io.palimpsest.platform.content.ContentStore;
import io.palimpsest.platform.cost.Spent;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A revision with its content at hand, to be written to any generation.
 *
 * @param content empty where nothing of it is to be found by searches
 * @param failure why a live revision cannot be indexed, ever
 */
record Prepared(
        DocumentRevised revision,
        Optional<RevisionContent> content,
        @Nullable ErrorCode failure) {
    private static final Logger LOG = LoggerFactory.getLogger(Prepared.class);

    /** Lost or damaged content hides its document, and must not hold up the others. */
    static Prepared read(ContentStore store, DocumentRevised revision) {
        try {
            return new Prepared(revision, RevisionContent.read(store, revision), null);
        } catch (PalimpsestException e) {
            if (e.code() != ErrorCode.CONTENT_DAMAGED && e.code() != ErrorCode.CONTENT_GONE) {
                throw e;
            }
            LOG.atError()
                    .addKeyValue("documentId", revision.key().hash())
                    .addKeyValue("errorCode", e.code().id())
                    .log("a revision cannot be indexed: {}", e.getMessage());
            return new Prepared(revision, Optional.empty(), e.code());
        }
    }

    int passages() {
        return content.map(c -> c.passages().size()).orElse(0);
    }

    /** Of all their passages, in order. */
    static List<String> texts(List<Prepared> batch) {
        return batch.stream()
                .flatMap(each -> each.content().stream())
                .flatMap(content -> content.texts().stream())
                .toList();
    }

    /** For the costs. */
    static Spent counts(List<Prepared> batch, EmbeddedBatch embedded) {
        int passages = batch.stream().mapToInt(Prepared::passages).sum();
        return new Spent(0, 0, batch.size(), passages, embedded.computed().size(), 0, 0);
    }

    /** @param vectors of {@link #texts} */
    static List<DocumentWrite> writes(List<Prepared> batch, List<float[]> vectors) {
        List<DocumentWrite> writes = new ArrayList<>();
        int next = 0;
        for (Prepared each : batch) {
            int passages = each.passages();
            writes.add(each.write(vectors.subList(next, next + passages)));
            next += passages;
        }
        return writes;
    }

    private DocumentWrite write(List<float[]> vectors) {
        if (content.isEmpty()) {
            return new DocumentWrite.Delete(revision.key(), revision.revision(), revision.revisedAt());
        }
        List<PassageEntry> entries = new ArrayList<>(vectors.size());
        for (int i = 0; i < vectors.size(); i++) {
            entries.add(new PassageEntry(
                    content.get().passages().get(i).id(), content.get().texts().get(i), vectors.get(i)));
        }
        return new DocumentWrite.Put(
                revision.key(),
                revision.revision(),
                revision.revisedAt(),
                Json.writeText(revision),
                new AccessList(Set.copyOf(revision.access())),
                revision.labels(),
                entries);
    }
}
