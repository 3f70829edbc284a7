package io.palimpsest.index.weaviate;

import io.palimpsest.contracts.error.ErrorCode;
import io.palimpsest.contracts.error.PalimpsestException;
import io.palimpsest.contracts.id.DocumentKey;
import io.palimpsest.index.passages.ApplyResult;
import io.palimpsest.index.passages.DocumentWrite;
import io.palimpsest.index.passages.Generation;
import io.palimpsest.index.passages.IndexCounts;
import io.palimpsest.index.passages.IndexWear;
import io.palimpsest.index.passages.WriteRules;
import io.palimpsest.index.words.WordAnalysis;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/**
 * One generation's writer. A batch is written in this order: words, passages that nobody sees yet, revisions that nobody
 * believes yet, then one commit, which makes the batch visible; then the hints of what ended. Cut off before the commit,
 * nothing is visible, and writing again writes over it; cut off after it, everything is.
 *
 * <p>Threading: writes take turns in this process. Other processes may write at the same time, the same document even:
 * revisions of different versions are different objects, and the highest one counts.
 */
final class GenerationIndex {
    private final Engine engine;
    private final Generation generation;
    private final RevisionStore revisions;
    private final PassageStore passages;
    private final WordPages pages;
    private final Vocabulary vocabulary;
    private final Commits commits;
    private final Tidying tidying;
    private final Canary canary;
    private final GenerationReader reader;
    private String writer = newWriter();
    private long batch;
    private boolean announced;
    private final Debris debris;

    GenerationIndex(Engine engine, Shelf shelf, WordAnalysis analysis) {
        this.engine = engine;
        generation = shelf.generation();
        revisions = new RevisionStore(engine, shelf.revisions());
        passages = new PassageStore(engine, shelf.passages(), analysis);
        commits = new Commits(engine, shelf.revisions());
        pages = new WordPages(engine, shelf.words());
        vocabulary = new Vocabulary(pages, commits, passages, analysis);
        debris = new Debris(engine, shelf);
        tidying = new Tidying(revisions, passages, commits);
        canary = new Canary(engine.reads(), shelf.passages());
        reader = new GenerationReader(engine, shelf, revisions, passages, commits, analysis);
    }

    private static String newWriter() {
        return UUID.randomUUID().toString().replace("-", "");
    }

    Generation generation() {
        return generation;
    }

    GenerationReader reader() {
        return reader;
    }

    Vocabulary vocabulary() {
        return vocabulary;
    }

    synchronized ApplyResult apply(List<? extends DocumentWrite> writes) {
        writes.forEach(write -> WriteRules.check(generation, write));
        Drafted drafted = draft(writes);
        for (int attempt = 1; !drafted.plan().revisions().isEmpty(); attempt++) {
            try {
                write(drafted.plan());
                break;
            } catch (PalimpsestException e) {
                if (e.code() != ErrorCode.INDEX_UNAVAILABLE
                        || attempt >= engine.attempts().most()) {
                    throw e;
                }
                engine.attempts().pause(attempt);
                drafted = draft(writes); // under another name: nothing that was sent is sent again
            }
        }
        WritePlan plan = drafted.plan();
        Set<String> superseded = new HashSet<>();
        plan.revisions().forEach(revision -> superseded.add(revision.hex()));
        superseded.retainAll(drafted.known());
        superseded.removeAll(drafted.leftOver());
        finish(superseded, drafted.leftOver());
        return new ApplyResult(plan.outcomes());
    }

    /**
     * A plan and what it met.
     *
     * @param known documents that were there, in hex
     * @param leftOver documents that a write was cut off in
     */
    private record Drafted(WritePlan plan, Set<String> known, Set<String> leftOver) {}

    private Drafted draft(List<? extends DocumentWrite> writes) {
        Set<String> documents = new TreeSet<>();
        writes.forEach(
                write -> documents.add(ObjectIds.hex(write.key().document().value())));
        Map<String, List<Revision>> open = revisions.open(documents);
        Map<String, Long> known =
                commits.refresh(open.values().stream().flatMap(List::stream).toList());
        Map<DocumentKey, Revision> newest = new HashMap<>();
        Set<String> leftOver = new HashSet<>();
        open.forEach((hex, found) -> {
            List<Revision> committed =
                    found.stream().filter(r -> Commits.has(known, r)).toList();
            Revision last = Revision.at(committed, null);
            if (last != null) {
                newest.put(last.key(generation.collection()), last);
            }
            if (Tidying.isUntidy(found, known)) {
                leftOver.add(hex);
            }
        });
        WritePlan plan = new WritePlan(newest, writer, batch + 1);
        writes.forEach(plan::add);
        return new Drafted(plan, open.keySet(), leftOver);
    }

    private void write(WritePlan plan) {
        String failedWriter = writer;
        boolean committing = false;
        List<WordPages.Page> brought = List.of();
        try {
            debris.clear();
            announce();
            widen(plan.widened());
            Set<String> words = ConcurrentHashMap.newKeySet();
            List<Runnable> tasks = new ArrayList<>(passages.insertions(plan, words::addAll));
            tasks.add(() -> revisions.insert(plan.revisions()));
            engine.together().all(tasks);
            List<String> fresh = vocabulary.fresh(words);
            List<WordPages.Page> added = WordPages.pages(writer, batch + 1, fresh);
            brought = added;
            if (!plan.passages().isEmpty()) {
                engine.together().all(List.of(passages::flush, () -> pages.insert(added)));
            }
            committing = true;
            commits.commit(writer, batch + 1);
            batch++;
            vocabulary.learn(fresh);
        } catch (PalimpsestException e) {
            leaveName();
            if (!committing) {
                debris.add(plan, brought);
            }
            if (committing && isCommitted(failedWriter, plan)) {
                commitNothing(); // the server may have lost by what others find the one before
                return;
            }
            throw e;
        }
    }

    private void announce() {
        if (!announced) {
            commits.announce(writer);
            announced = true;
        }
    }

    /** A late answer of the server must find nobody who writes under this name. */
    private void leaveName() {
        writer = newWriter();
        batch = 0;
        announced = false;
    }

    /** A commit of nothing: with it, all processes forget what they know of this generation's revisions. */
    private void commitNothing() {
        try {
            announce();
            commits.commit(writer, batch + 1);
            batch++;
        } catch (PalimpsestException e) {
            leaveName();
            throw e;
        }
    }

    /** Reads what became of a commit that was not answered. */
    private boolean isCommitted(String failedWriter, WritePlan plan) {
        try {
            List<Revision> written = List.copyOf(plan.revisions());
            return Commits.has(commits.refresh(written), written.getFirst());
        } catch (PalimpsestException e) {
            throw new PalimpsestException(
                    ErrorCode.INDEX_OUTCOME_UNKNOWN,
                    "the commit of a batch to generation " + generation.id() + " by writer " + failedWriter
                            + " was not answered: write it again; " + e.getMessage(),
                    e);
        }
    }

    /** Before the new rules are committed, so that the server's filter never hides what they show. */
    private void widen(Map<DocumentKey, Set<String>> widened) {
        if (widened.isEmpty()) {
            return;
        }
        Map<String, Set<String>> byHex = new HashMap<>();
        widened.forEach(
                (key, principals) -> byHex.put(ObjectIds.hex(key.document().value()), principals));
        Map<String, Set<String>> additions = new HashMap<>();
        revisions.all(byHex.keySet()).forEach((hex, all) -> {
            for (Revision revision : all) {
                revision.state()
                        .passages()
                        .forEach((id, birth) -> additions.put(
                                ObjectIds.passage(hex, id, birth),
                                new HashSet<>(PassageStore.principals(byHex.getOrDefault(hex, Set.of())))));
            }
        });
        passages.rewrite(additions.keySet(), item -> access(item, additions, false));
        passages.rewrite(additions.keySet(), item -> access(item, additions, true));
    }

    /**
     * Those who are added are taken away first where a failed attempt left them: the server may have noted them in the
     * object and not in the filter. Nobody misses them yet.
     */
    private static Item access(Item item, Map<String, Set<String>> additions, boolean given) {
        Set<String> access = new TreeSet<>(item.texts(Fields.ACCESS));
        Set<String> added = additions.getOrDefault(item.id(), Set.of());
        boolean changed = given ? access.addAll(added) : access.removeAll(added);
        if (access.isEmpty()) {
            access.add(Fields.NOTHING);
        }
        return changed ? item.with(Fields.ACCESS, new ArrayList<>(access)) : item;
    }

    private void finish(Set<String> superseded, Set<String> leftOver) {
        Set<String> cutOff = new HashSet<>(leftOver);
        Set<String> fresh = new HashSet<>(superseded);
        try {
            engine.writes().again(() -> {
                tidying.tidy(cutOff, true);
                Set<String> now = Set.copyOf(fresh);
                cutOff.addAll(fresh); // should this fail
                fresh.clear();
                tidying.tidy(now, false);
            });
        } catch (PalimpsestException e) {
            throw new PalimpsestException(
                    ErrorCode.INDEX_OUTCOME_UNKNOWN,
                    "a batch to generation " + generation.id() + " is visible, but what it ended is not closed yet:"
                            + " write it again; " + e.getMessage(),
                    e);
        }
    }

    synchronized long purge(Instant before) {
        long limit = Math.clamp(before.toEpochMilli(), -Fields.LIVE, Fields.LIVE - 1);
        Set<String> words = new TreeSet<>();
        long purged = passages.purge(limit, words);
        revisions.purge(limit);
        words.remove(Fields.NOTHING);
        vocabulary.sweep(words);
        if (purged > 0) {
            revisions.countPurged(purged);
        }
        return purged;
    }

    synchronized long erase(DocumentKey key) {
        if (!key.collectionKey().equals(generation.collection())) {
            return 0;
        }
        String hex = ObjectIds.hex(key.document().value());
        long removed = revisions.erase(hex); // first: from here on nothing shows a passage of it
        commitNothing();
        Set<String> words = new TreeSet<>();
        removed += passages.erase(hex, words);
        words.remove(Fields.NOTHING);
        vocabulary.sweep(words);
        return removed;
    }

    long traces(DocumentKey key) {
        String hex = ObjectIds.hex(key.document().value());
        return revisions.count(hex) + passages.count(hex);
    }

    IndexWear wear() {
        IndexCounts counts = reader.counts();
        double held = Math.max(1, counts.livePassages() + counts.closedPassages());
        return new IndexWear(revisions.purged() / held, canary.recall());
    }
}
