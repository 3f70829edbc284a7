package io.palimpsest.index.indexer;

import io.palimpsest.contracts.error.ErrorCode;
import io.palimpsest.contracts.error.PalimpsestException;
import io.palimpsest.contracts.event.DocumentIndexed;
import io.palimpsest.contracts.event.DocumentRevised;
import io.palimpsest.contracts.event.Json;
import io.palimpsest.contracts.id.CollectionKey;
import io.palimpsest.contracts.id.ContentHash;
import io.palimpsest.contracts.id.DocumentKey;
import io.palimpsest.index.embed.CachingEmbedder;
import io.palimpsest.index.embed.EmbeddedBatch;
import io.palimpsest.index.generation.Generations;
import io.palimpsest.index.passages.AccessList;
import io.palimpsest.index.passages.ApplyResult;
import io.palimpsest.index.passages.DocumentWrite;
import io.palimpsest.index.passages.Generation;
import io.palimpsest.index.passages.PassageEntry;
import io.palimpsest.index.passages.PassageIndex;
import io.palimpsest.platform.content.ContentStore;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Applies a batch of revisions to the live generation of each collection.
 *
 * <p>Ordering and idempotency: of several revisions of a document in the batch only the newest is written; the index
 * ignores what it has already, so a batch may be applied again. Failure: throws with nothing reported; the caller
 * applies the same batch again.
 */
public final class Indexer {
    private static final Logger LOG = LoggerFactory.getLogger(Indexer.class);

    private final ContentStore store;
    private final CachingEmbedder embedder;
    private final PassageIndex index;
    private final Generations generations;
    private final IndexListener listener;
    private final InstantSource clock;

    public Indexer(
            ContentStore store,
            CachingEmbedder embedder,
            PassageIndex index,
            Generations generations,
            IndexListener listener,
            InstantSource clock) {
        this.store = store;
        this.embedder = embedder;
        this.index = index;
        this.generations = generations;
        this.listener = listener;
        this.clock = clock;
    }

    /** @return what searches see from now on: a record per document of the batch, where the index has no newer revision */
    public List<DocumentIndexed> apply(List<DocumentRevised> batch) {
        Map<CollectionKey, List<Work>> work = new LinkedHashMap<>();
        for (DocumentRevised revision : newestOfEach(batch)) {
            work.computeIfAbsent(revision.key().collectionKey(), k -> new ArrayList<>())
                    .add(work(revision));
        }
        List<DocumentIndexed> indexed = new ArrayList<>();
        work.forEach((collection, revisions) -> indexed.addAll(apply(collection, revisions)));
        return indexed;
    }

    /** @param failure why a live revision cannot be indexed, ever */
    private record Work(
            DocumentRevised revision,
            Optional<RevisionContent> content,
            @Nullable ErrorCode failure) {}

    /** Lost or damaged content hides its document, and must not hold up the others. */
    private Work work(DocumentRevised revision) {
        try {
            return new Work(revision, RevisionContent.read(store, revision), null);
        } catch (PalimpsestException e) {
            if (e.code() != ErrorCode.CONTENT_DAMAGED && e.code() != ErrorCode.CONTENT_GONE) {
                throw e;
            }
            LOG.atError()
                    .addKeyValue("documentId", revision.key().hash())
                    .addKeyValue("errorCode", e.code().id())
                    .log("a revision cannot be indexed: {}", e.getMessage());
            return new Work(revision, Optional.empty(), e.code());
        }
    }

    private static List<DocumentRevised> newestOfEach(List<DocumentRevised> batch) {
        Map<DocumentKey, DocumentRevised> newest = new LinkedHashMap<>();
        batch.forEach(r -> newest.merge(r.key(), r, (a, b) -> b.revision() >= a.revision() ? b : a));
        return List.copyOf(newest.values());
    }

    private List<DocumentIndexed> apply(CollectionKey collection, List<Work> batch) {
        Generation generation = generations.forWriting(collection);
        List<String> texts = batch.stream()
                .flatMap(w -> w.content().stream())
                .flatMap(c -> c.texts().stream())
                .toList();
        long began = System.nanoTime();
        EmbeddedBatch embedded = embedder.embedBatch(texts);
        listener.embedded(Duration.ofNanos(System.nanoTime() - began));
        List<DocumentWrite> writes = new ArrayList<>();
        int next = 0;
        for (Work work : batch) {
            int passages = work.content().map(c -> c.passages().size()).orElse(0);
            List<float[]> vectors = embedded.vectors().subList(next, next + passages);
            next += passages;
            writes.add(write(work, vectors));
        }
        began = System.nanoTime();
        List<ApplyResult.Outcome> outcomes =
                index.apply(generation.id(), writes).outcomes();
        listener.written(Duration.ofNanos(System.nanoTime() - began));
        Set<ContentHash> unseen = new HashSet<>(embedded.computed());
        List<DocumentIndexed> indexed = new ArrayList<>();
        for (int i = 0; i < batch.size(); i++) {
            Work work = batch.get(i);
            DocumentIndexed report = report(work, generation, unseen);
            if (isVisible(outcomes.get(i))) {
                work.content().ifPresent(c -> listener.indexed(work.revision(), c.document()));
                listener.applied(report);
                indexed.add(report);
            }
        }
        return indexed;
    }

    /** Not where the index left it for a newer revision, which is the one that is visible. */
    private static boolean isVisible(ApplyResult.Outcome outcome) {
        return !(outcome instanceof ApplyResult.Ignored ignored) || ignored.currentVersion() == ignored.version();
    }

    private static DocumentWrite write(Work work, List<float[]> vectors) {
        DocumentRevised revision = work.revision();
        if (work.content().isEmpty()) {
            return new DocumentWrite.Delete(revision.key(), revision.revision(), revision.revisedAt());
        }
        RevisionContent content = work.content().get();
        List<PassageEntry> entries = new ArrayList<>(vectors.size());
        for (int i = 0; i < vectors.size(); i++) {
            entries.add(new PassageEntry(
                    content.passages().get(i).id(), content.texts().get(i), vectors.get(i)));
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

    /** Counts a text that is new to the model once, with the first document of the batch that has it. */
    private DocumentIndexed report(Work work, Generation generation, Set<ContentHash> unseen) {
        DocumentRevised revision = work.revision();
        int passages = 0;
        int fresh = 0;
        if (work.content().isPresent()) {
            passages = work.content().get().passages().size();
            for (var passage : work.content().get().passages()) {
                fresh += unseen.remove(passage.textHash()) ? 1 : 0;
            }
        }
        return new DocumentIndexed(
                revision.key(),
                generation.id(),
                generation.model(),
                revision.revision(),
                revision.version(),
                revision.changeId(),
                revision.source(),
                work.content().isPresent(),
                passages,
                fresh,
                passages - fresh,
                revision.receivedAt(),
                clock.instant(),
                work.failure());
    }
}
