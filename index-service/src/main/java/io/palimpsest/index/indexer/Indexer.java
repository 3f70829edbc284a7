package io.palimpsest.index.indexer;

import io.palimpsest.contracts.error.ErrorCode;
import io.palimpsest.contracts.error.PalimpsestException;
import io.palimpsest.contracts.event.DocumentIndexed;
import io.palimpsest.contracts.event.DocumentRevised;
import io.palimpsest.contracts.id.CollectionKey;
import io.palimpsest.contracts.id.ContentHash;
import io.palimpsest.contracts.id.DocumentKey;
import io.palimpsest.contracts.id.GenerationId;
import io.palimpsest.contracts.id.ModelId;
import io.palimpsest.index.embed.CachingEmbedder;
import io.palimpsest.index.embed.EmbeddedBatch;
import io.palimpsest.index.generation.Generations;
import io.palimpsest.index.passages.ApplyResult;
import io.palimpsest.index.passages.DocumentWrite;
import io.palimpsest.index.passages.DocumentWriter;
import io.palimpsest.index.passages.Generation;
import io.palimpsest.index.revision.CurrentRevisions;
import io.palimpsest.platform.content.ContentStore;
import io.palimpsest.platform.cost.Work;
import io.palimpsest.platform.cost.WorkKind;
import io.palimpsest.platform.retry.Condition;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;

/**
 * Applies a batch of revisions to the live generation of each collection, then to those beside it: one being built, and the one
 * that a roll-back leads to. What is reported is in all of them, so a swap takes no freshness away; and it is in this process's
 * view of current revisions, without which searches would still hide it.
 *
 * <p>Ordering and idempotency: of several revisions of a document in the batch only the newest is written; the index
 * ignores what it has already, so a batch may be applied again. Failure: throws with nothing reported; the caller
 * applies the same batch again. A generation beside the live one that keeps failing is given up, and holds up nothing.
 */
public final class Indexer {
    /** With the lanes' pauses in between about three seconds. Arbitrary. */
    private static final int ATTEMPTS_BESIDE = 5;
    /** The view reads beside the indexer and is mostly first; at a start it has the whole topic to read. Arbitrary. */
    private static final Duration VIEW_PATIENCE = Duration.ofSeconds(10);

    private static final Duration VIEW_LOOK = Duration.ofMillis(2);
    /** Not the fault of the generation that is written: the live one fails by them too. */
    private static final Set<ErrorCode> SHARED_FAULTS =
            Set.of(ErrorCode.DATABASE_FAILED, ErrorCode.INDEX_UNAVAILABLE, ErrorCode.STORE_FAILED, ErrorCode.NOT_FOUND);

    private static final Set<ErrorCode> HOPELESS = Set.of(
            ErrorCode.MODEL_UNKNOWN, ErrorCode.MODEL_DAMAGED, ErrorCode.MODEL_UNSUITABLE, ErrorCode.MODEL_MISSING);

    private final ContentStore store;
    private final Function<ModelId, CachingEmbedder> embedders;
    private final DocumentWriter index;
    private final Generations generations;
    private final CurrentRevisions view;
    private final IndexListener listener;
    private final InstantSource clock;
    private final AtomicInteger working = new AtomicInteger();
    private final Map<GenerationId, Integer> failures = new ConcurrentHashMap<>();

    /** @param embedders for passages, by model */
    public Indexer(
            ContentStore store,
            Function<ModelId, CachingEmbedder> embedders,
            DocumentWriter index,
            Generations generations,
            CurrentRevisions view,
            IndexListener listener,
            InstantSource clock) {
        this.store = store;
        this.embedders = embedders;
        this.index = index;
        this.generations = generations;
        this.view = view;
        this.listener = listener;
        this.clock = clock;
    }

    /** Whether changes are being applied at this moment: who does not have to go on now, waits. */
    public boolean isBusy() {
        return working.get() > 0;
    }

    /** @return what searches see from now on: a record per document of the batch, where the index has no newer revision */
    public List<DocumentIndexed> apply(List<DocumentRevised> batch) {
        working.incrementAndGet();
        try {
            Map<CollectionKey, List<Prepared>> work = new LinkedHashMap<>();
            for (DocumentRevised revision : newestOfEach(batch)) {
                work.computeIfAbsent(revision.key().collectionKey(), k -> new ArrayList<>())
                        .add(Prepared.read(store, revision));
            }
            List<DocumentIndexed> indexed = new ArrayList<>();
            work.forEach((collection, revisions) -> indexed.addAll(apply(collection, revisions)));
            return indexed;
        } finally {
            working.decrementAndGet();
        }
    }

    private static List<DocumentRevised> newestOfEach(List<DocumentRevised> batch) {
        Map<DocumentKey, DocumentRevised> newest = new LinkedHashMap<>();
        batch.forEach(r -> newest.merge(r.key(), r, (a, b) -> b.revision() >= a.revision() ? b : a));
        return List.copyOf(newest.values());
    }

    private List<DocumentIndexed> apply(CollectionKey collection, List<Prepared> batch) {
        List<Generation> written = generations.written(collection);
        List<DocumentIndexed> indexed = applyLive(written.getFirst(), batch);
        written.subList(1, written.size()).forEach(other -> applyBeside(other, batch));
        return indexed;
    }

    private List<DocumentIndexed> applyLive(Generation generation, List<Prepared> batch) {
        Stopwatch watch = new Stopwatch();
        long began = System.nanoTime();
        EmbeddedBatch embedded = embedders.apply(generation.model()).embedBatch(Prepared.texts(batch));
        listener.embedded(Duration.ofNanos(System.nanoTime() - began));
        List<DocumentWrite> writes = Prepared.writes(batch, embedded.vectors());
        began = System.nanoTime();
        List<ApplyResult.Outcome> outcomes =
                index.apply(generation.id(), writes).outcomes();
        listener.written(Duration.ofNanos(System.nanoTime() - began));
        spent(Work.of(collection(batch), WorkKind.INDEX, generation.model().value()), watch, embedded, batch);
        awaitView(batch);
        Set<ContentHash> unseen = new HashSet<>(embedded.computed());
        List<DocumentIndexed> indexed = new ArrayList<>();
        for (int i = 0; i < batch.size(); i++) {
            Prepared work = batch.get(i);
            DocumentIndexed report = report(work, generation, unseen);
            if (isVisible(outcomes.get(i))) {
                work.content().ifPresent(c -> listener.indexed(work.revision(), c.document()));
                listener.applied(report);
                indexed.add(report);
            }
        }
        return indexed;
    }

    /** Until searches of this process show what was written. A document that was erased since is in no view. */
    private void awaitView(List<Prepared> batch) {
        Instant written = clock.instant();
        Condition<RuntimeException> shown = () -> batch.stream().allMatch(work -> view.knows(work.revision()))
                || view.appliedThrough().isAfter(written);
        try {
            if (Condition.await(shown, VIEW_PATIENCE, VIEW_LOOK)) {
                return;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        throw new PalimpsestException(
                ErrorCode.STARTING, "the view of current revisions is behind the index; the batch is applied again");
    }

    private void applyBeside(Generation generation, List<Prepared> batch) {
        try {
            Stopwatch watch = new Stopwatch();
            EmbeddedBatch embedded = embedders.apply(generation.model()).embedBatch(Prepared.texts(batch));
            index.apply(generation.id(), Prepared.writes(batch, embedded.vectors()));
            spent(
                    Work.of(
                            collection(batch),
                            WorkKind.GENERATION,
                            generation.id().value()),
                    watch,
                    embedded,
                    batch);
            failures.remove(generation.id());
        } catch (RuntimeException e) {
            ErrorCode code = e instanceof PalimpsestException ours ? ours.code() : ErrorCode.INTERNAL;
            if (SHARED_FAULTS.contains(code)) {
                throw e;
            }
            if (!HOPELESS.contains(code) && failures.merge(generation.id(), 1, Integer::sum) < ATTEMPTS_BESIDE) {
                throw e;
            }
            generations.giveUp(generation, code);
        }
    }

    private void spent(Work work, Stopwatch watch, EmbeddedBatch embedded, List<Prepared> batch) {
        listener.spent(work, watch.wall(), watch.cpuNanos() + embedded.cpuNanos(), Prepared.counts(batch, embedded));
    }

    private static CollectionKey collection(List<Prepared> batch) {
        return batch.getFirst().revision().key().collectionKey();
    }

    /** Not where the index left it for a newer revision, which is the one that is visible. */
    private static boolean isVisible(ApplyResult.Outcome outcome) {
        return !(outcome instanceof ApplyResult.Ignored ignored) || ignored.currentVersion() == ignored.version();
    }

    /** Counts a text that is new to the model once, with the first document of the batch that has it. */
    private DocumentIndexed report(Prepared work, Generation generation, Set<ContentHash> unseen) {
        DocumentRevised revision = work.revision();
        int passages = work.passages();
        int fresh = 0;
        if (work.content().isPresent()) {
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
