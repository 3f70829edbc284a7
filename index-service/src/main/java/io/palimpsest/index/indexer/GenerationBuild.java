package io.palimpsest.index.indexer;

import io.palimpsest.contracts.event.DocumentRevised;
import io.palimpsest.contracts.id.CollectionKey;
import io.palimpsest.contracts.id.DocumentKey;
import io.palimpsest.index.embed.EmbeddedBatch;
import io.palimpsest.index.generation.BuildProgress;
import io.palimpsest.index.generation.GenerationRow;
import io.palimpsest.index.passages.DocumentDigest;
import io.palimpsest.index.passages.DocumentWrite;
import io.palimpsest.index.passages.Generation;
import io.palimpsest.platform.cost.Spent;
import io.palimpsest.platform.cost.Work;
import io.palimpsest.platform.cost.WorkKind;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/**
 * Puts the current revisions of a collection into a generation, from the content store, while all changes go into it too. Both may
 * write the same document: the index keeps the newer revision, whichever comes first.
 *
 * <p>Ordering: documents in the order of {@link DocumentDigest#ORDER}, the last one of each step is kept in the database, so a
 * killed build goes on there. Complete, because whoever applied a change to the live generation alone had read it before the
 * generation's row was there, and this waits until it sees all that was published by then.
 */
final class GenerationBuild {
    private static final long LOOK_NANOS = Duration.ofMillis(50).toNanos();

    private final GenerationRow row;
    private final BuildParts parts;
    private final BooleanSupplier stop;
    private BuildProgress progress;

    /** @param stop whether to leave the rest to the next start */
    GenerationBuild(GenerationRow row, BuildParts parts, BooleanSupplier stop) {
        this.row = row;
        this.parts = parts;
        this.stop = stop;
        this.progress = row.progress();
    }

    /** To the end, or until it has to stop. */
    void run() {
        Generation generation = row.passages();
        parts.index().createGeneration(generation);
        if (!awaitView(parts.clock().instant())) {
            return;
        }
        List<DocumentRevised> revisions = current(row.collection());
        begin(revisions);
        int next = start(revisions);
        CompletableFuture<Step> ahead = embed(generation, revisions, next);
        while (next < revisions.size()) {
            long began = System.nanoTime();
            Step step = await(ahead);
            if (stop.getAsBoolean()) {
                return;
            }
            int end = next + step.revisions().size();
            ahead = embed(generation, revisions, end);
            Stopwatch watch = new Stopwatch();
            if (!step.writes().isEmpty()) {
                parts.writer().apply(generation.id(), step.writes());
            }
            parts.listener()
                    .spent(
                            Work.of(
                                    row.collection(),
                                    WorkKind.GENERATION,
                                    row.id().value()),
                            step.embedding().plus(watch.wall()),
                            step.cpuNanos() + watch.cpuNanos(),
                            step.counts());
            progress = after(step, Duration.ofNanos(System.nanoTime() - began));
            if (!parts.table().progress(row.id(), progress)) {
                return; // dropped meanwhile
            }
            next = end;
        }
        parts.table().built(row.id(), parts.clock().instant());
    }

    /** @param cpuNanos of the embedding */
    private record Step(
            List<DocumentRevised> revisions,
            List<DocumentWrite> writes,
            Spent counts,
            Duration embedding,
            long cpuNanos) {
        static Step empty(List<DocumentRevised> revisions) {
            return new Step(revisions, List.of(), Spent.NOTHING, Duration.ZERO, 0);
        }
    }

    /** While what was embedded before is being written: the disk and the processors have nothing to wait for. */
    private CompletableFuture<Step> embed(Generation generation, List<DocumentRevised> revisions, int from) {
        List<DocumentRevised> listed = revisions.subList(from, step(revisions, from));
        return CompletableFuture.supplyAsync(() -> embed(generation, listed), parts.ahead());
    }

    private Step embed(Generation generation, List<DocumentRevised> listed) {
        if (listed.isEmpty() || stop.getAsBoolean()) {
            return Step.empty(listed);
        }
        Stopwatch watch = new Stopwatch();
        List<Prepared> batch = new ArrayList<>();
        for (DocumentRevised revision : listed) {
            // As it is now: what it was when it was listed may not be stored any more. None: it was erased.
            parts.revisions()
                    .current(revision.key())
                    .ifPresent(current -> batch.add(Prepared.read(parts.store(), current)));
        }
        EmbeddedBatch embedded = parts.embedders().apply(generation.model()).embedBatch(Prepared.texts(batch));
        Duration took = watch.wall();
        long cpu = watch.cpuNanos() + embedded.cpuNanos();
        parts.throttle().pauseAfter(took, stop);
        return new Step(
                listed, Prepared.writes(batch, embedded.vectors()), Prepared.counts(batch, embedded), took, cpu);
    }

    private static Step await(CompletableFuture<Step> ahead) {
        try {
            return ahead.join();
        } catch (CompletionException e) {
            throw e.getCause() instanceof RuntimeException cause ? cause : e;
        }
    }

    private boolean awaitView(Instant bound) {
        while (parts.revisions().appliedThrough().isBefore(bound)) {
            if (stop.getAsBoolean()) {
                return false;
            }
            LockSupport.parkNanos(LOOK_NANOS);
        }
        return true;
    }

    /** In the order of the checkpoint. */
    private List<DocumentRevised> current(CollectionKey collection) {
        Map<DocumentKey, DocumentRevised> sorted = new TreeMap<>(DocumentDigest.ORDER);
        parts.revisions().forEach(revision -> {
            if (revision.key().collectionKey().equals(collection)) {
                sorted.put(revision.key(), revision);
            }
        });
        return new ArrayList<>(sorted.values());
    }

    /** What an index lost, a checkpoint must not skip. */
    private void begin(List<DocumentRevised> revisions) {
        String incarnation = parts.index().incarnation();
        boolean again = !incarnation.equals(progress.incarnation());
        progress = new BuildProgress(
                incarnation,
                again ? null : progress.checkpoint(),
                revisions.size(),
                again ? 0 : progress.documentsDone(),
                passages(revisions),
                again ? 0 : progress.passagesDone(),
                progress.embedded(),
                again ? 0 : progress.millis());
    }

    private int start(List<DocumentRevised> revisions) {
        String checkpoint = progress.checkpoint();
        if (checkpoint == null) {
            return 0;
        }
        DocumentKey last = DocumentKey.of(row.collection(), checkpoint);
        int next = 0;
        while (next < revisions.size()
                && DocumentDigest.ORDER.compare(revisions.get(next).key(), last) <= 0) {
            next++;
        }
        return next;
    }

    /** @return end of the step, exclusive; at least one document where there is one */
    private int step(List<DocumentRevised> revisions, int from) {
        int end = from;
        long passages = 0;
        while (end < revisions.size() && end - from < parts.stepPassages()) {
            passages += revisions.get(end).passageCount();
            if (passages > parts.stepPassages() && end > from) {
                break;
            }
            end++;
        }
        return end;
    }

    private BuildProgress after(Step done, Duration took) {
        return new BuildProgress(
                progress.incarnation(),
                done.revisions().getLast().key().document().value(),
                progress.documents(),
                progress.documentsDone() + done.revisions().size(),
                progress.passages(),
                progress.passagesDone() + passages(done.revisions()),
                progress.embedded() + done.counts().embedded(),
                progress.millis() + took.toMillis());
    }

    private static long passages(List<DocumentRevised> revisions) {
        return revisions.stream().mapToLong(DocumentRevised::passageCount).sum();
    }
}
