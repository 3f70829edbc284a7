package io.palimpsest.index.generation;

import io.palimpsest.contracts.event.DocumentProperties;
import io.palimpsest.contracts.event.DocumentRevised;
import io.palimpsest.contracts.id.CollectionKey;
import io.palimpsest.contracts.id.DocumentId;
import io.palimpsest.contracts.id.DocumentKey;
import io.palimpsest.contracts.id.GenerationId;
import io.palimpsest.index.passages.Generation;
import io.palimpsest.index.passages.IndexCounts;
import io.palimpsest.index.passages.LegHits;
import io.palimpsest.index.passages.PassageIndex;
import io.palimpsest.index.passages.PassageQuery;
import io.palimpsest.index.revision.RevisionListing;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * Looks whether a generation may go live. Changes arrive meanwhile, and reach one generation a moment before the other: what does
 * not fit is looked at again for a while.
 */
final class Gates {
    private static final Duration PAUSE = Duration.ofMillis(100);
    private static final int MOST_DIFFERENCES = 10_000;
    /** Documents that a probe asks for. */
    private static final int PROBED = 200;
    /** In one query: few enough for any engine's filter. */
    private static final int PROBED_AT_ONCE = 50;

    private final PassageIndex index;
    private final RevisionListing revisions;
    private final Duration patience;

    /** @param patience how long what does not fit is looked at again */
    Gates(PassageIndex index, RevisionListing revisions, Duration patience) {
        this.index = index;
        this.revisions = revisions;
        this.patience = patience;
    }

    /** All of them, in order; only the first while it has not passed. */
    List<Gate> check(GenerationRow live, GenerationRow candidate) {
        Gate built = built(candidate);
        if (!built.passed()) {
            return List.of(built);
        }
        List<Gate> gates = new ArrayList<>(List.of(built));
        Generation passages = candidate.passages();
        if (passages.equals(live.passages())) {
            String detail = "reads the passages of the live generation";
            gates.add(new Gate(Gate.Name.COUNTS, true, detail));
            gates.add(new Gate(Gate.Name.DIGESTS, true, detail));
        } else {
            Gate digests = digests(live.passages().id(), passages.id());
            gates.add(eventually(() -> counts(live.passages().id(), passages.id(), digests.passed())));
            gates.add(digests);
        }
        gates.add(eventually(() -> deletedHidden(passages)));
        gates.add(eventually(() -> restrictedHidden(passages)));
        return gates;
    }

    static Gate built(GenerationRow row) {
        BuildProgress progress = row.progress();
        String detail = row.state() == GenerationState.BUILDING
                ? "building: " + progress.documentsDone() + " of " + progress.documents() + " documents"
                : row.state() + (row.written() ? "" : ", gets no changes");
        return new Gate(Gate.Name.BUILT, row.isUpToDate(), detail);
    }

    private Gate eventually(Supplier<Gate> look) {
        long end = System.nanoTime() + patience.toNanos();
        Gate gate = look.get();
        while (!gate.passed()
                && System.nanoTime() < end
                && !Thread.currentThread().isInterrupted()) {
            LockSupport.parkNanos(PAUSE.toNanos());
            gate = look.get();
        }
        return gate;
    }

    /** Where the live one is what is wrong, the counts differ too: then the digests have told them apart. */
    private Gate counts(GenerationId live, GenerationId candidate, boolean explained) {
        IndexCounts here = index.counts(live);
        IndexCounts there = index.counts(candidate);
        boolean same = here.liveDocuments() == there.liveDocuments() && here.livePassages() == there.livePassages();
        return new Gate(
                Gate.Name.COUNTS,
                same || explained,
                there.liveDocuments() + " documents and " + there.livePassages() + " passages, the live one has "
                        + here.liveDocuments() + " and " + here.livePassages());
    }

    private Gate digests(GenerationId live, GenerationId candidate) {
        Differences differences = new Differences(index, revisions, live, candidate);
        Set<DocumentKey> found = differences.find(MOST_DIFFERENCES);
        int first = found.size();
        if (first < MOST_DIFFERENCES) {
            Gate unused = eventually(() -> {
                found.removeIf(differences::isGone);
                return new Gate(Gate.Name.DIGESTS, found.isEmpty(), "");
            });
        }
        return new Gate(
                Gate.Name.DIGESTS,
                found.isEmpty(),
                found.isEmpty()
                        ? "every document is as in the live one, or as its current revision"
                        : (first < MOST_DIFFERENCES ? "" : "at least ") + found.size() + " documents differ");
    }

    private Gate deletedHidden(Generation generation) {
        List<DocumentRevised> deleted = some(generation.collection(), r -> r.state() == DocumentRevised.State.DELETED);
        Set<String> principals = new HashSet<>(Set.of(DocumentProperties.EVERYONE));
        deleted.forEach(revision -> principals.addAll(revision.access()));
        long seen = deleted.stream()
                        .filter(r ->
                                index.document(generation.id(), r.key(), null).isPresent())
                        .count()
                + found(generation, deleted, principals);
        return new Gate(Gate.Name.DELETED_HIDDEN, seen == 0, seen + " of " + deleted.size() + " probed are found");
    }

    private Gate restrictedHidden(Generation generation) {
        List<DocumentRevised> restricted = some(
                generation.collection(),
                r -> r.state() == DocumentRevised.State.LIVE && !r.access().contains(DocumentProperties.EVERYONE));
        long seen =
                found(generation, restricted, Set.of(DocumentProperties.EVERYONE, "user:nobody-" + UUID.randomUUID()));
        return new Gate(
                Gate.Name.RESTRICTED_HIDDEN,
                seen == 0,
                seen + " of " + restricted.size() + " probed are found by one who may not see them");
    }

    private List<DocumentRevised> some(CollectionKey collection, Predicate<DocumentRevised> wanted) {
        List<DocumentRevised> some = new ArrayList<>();
        revisions.forEach(revision -> {
            if (some.size() < PROBED && revision.key().collectionKey().equals(collection) && wanted.test(revision)) {
                some.add(revision);
            }
        });
        return some;
    }

    /** Documents that a search among them alone finds; by vector, any passage is similar enough. */
    private long found(Generation generation, List<DocumentRevised> documents, Set<String> principals) {
        float[] vector = new float[generation.dimensions()];
        vector[0] = 1;
        Set<DocumentKey> found = new HashSet<>();
        for (int from = 0; from < documents.size(); from += PROBED_AT_ONCE) {
            Set<DocumentId> ids = new HashSet<>();
            documents
                    .subList(from, Math.min(documents.size(), from + PROBED_AT_ONCE))
                    .forEach(revision -> ids.add(revision.key().document()));
            LegHits hits = index.search(
                    generation.id(),
                    PassageQuery.of(vector, null, PassageQuery.MAX_CANDIDATES, principals)
                            .withDocuments(ids));
            hits.vector().forEach(hit -> found.add(hit.document()));
        }
        return found.size();
    }
}
