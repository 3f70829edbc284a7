package io.palimpsest.index.weaviate;

import io.palimpsest.contracts.id.DocumentKey;
import io.palimpsest.contracts.id.PassageId;
import io.palimpsest.index.passages.DocumentDigest;
import io.palimpsest.index.passages.Generation;
import io.palimpsest.index.passages.IndexCounts;
import io.palimpsest.index.passages.IndexedDocument;
import io.palimpsest.index.passages.LegHits;
import io.palimpsest.index.passages.ListedDocument;
import io.palimpsest.index.passages.PassageQuery;
import io.palimpsest.index.words.WordAnalysis;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** What a generation shows. Threading: any. */
final class GenerationReader {
    private static final int MIN_PAGE = 100;
    private static final int LISTED = 1_000;

    private final Generation generation;
    private final RevisionStore revisions;
    private final PassageStore passages;
    private final Commits commits;
    private final GenerationSearch search;

    GenerationReader(
            Engine engine,
            Shelf shelf,
            RevisionStore revisions,
            PassageStore passages,
            Commits commits,
            WordAnalysis analysis) {
        this.generation = shelf.generation();
        this.revisions = revisions;
        this.passages = passages;
        this.commits = commits;
        this.search = new GenerationSearch(
                engine, shelf, revisions, new OpenRevisions(revisions, commits), commits, analysis);
    }

    LegHits search(PassageQuery query) {
        return search.search(query);
    }

    Optional<IndexedDocument> document(DocumentKey key, @Nullable Instant asOf) {
        if (!key.collectionKey().equals(generation.collection())) {
            return Optional.empty();
        }
        String hex = ObjectIds.hex(key.document().value());
        List<Revision> found = revisions.all(List.of(hex)).getOrDefault(hex, List.of());
        Map<String, Long> known = commits.refresh(found);
        List<Revision> committed =
                found.stream().filter(r -> Commits.has(known, r)).toList();
        Revision shown = Revision.at(committed, asOf == null ? null : asOf.toEpochMilli());
        if (shown == null || shown.state().deleted()) {
            return Optional.empty();
        }
        Revision newest = Objects.requireNonNull(Revision.at(committed, null));
        return Optional.of(new IndexedDocument(
                key,
                shown.version(),
                Instant.ofEpochMilli(Revision.effectiveFrom(committed, shown)),
                shown.state().reference(),
                newest.state().access(),
                shown.state().labels(),
                passageIds(shown).stream().sorted().toList()));
    }

    private static Collection<PassageId> passageIds(Revision revision) {
        return revision.state().passages().keySet().stream().map(PassageId::new).toList();
    }

    IndexCounts counts() {
        long documents = revisions.countAlive();
        long live = revisions.sumPassages();
        for (Revision revision : revisions.uncommitted(commits.refreshAll())) {
            if (revision.isOpen() && !revision.state().deleted()) {
                documents--;
                live -= revision.state().passages().size();
            }
        }
        return new IndexCounts(documents, live, passages.countEnded());
    }

    /** What was committed when it began is the state that is shown, whatever is committed meanwhile. */
    void each(Consumer<ListedDocument> reading) {
        Map<String, Long> known = Map.copyOf(commits.refreshAll());
        String last = null;
        boolean more = true;
        while (more) {
            List<Revision> page = revisions.page(last, LISTED);
            Map<String, List<Revision>> byDocument = new LinkedHashMap<>();
            page.forEach(r -> byDocument
                    .computeIfAbsent(r.hex(), key -> new ArrayList<>())
                    .add(r));
            more = page.size() == LISTED;
            if (more && byDocument.size() > 1) {
                byDocument.remove(page.getLast().hex()); // perhaps not all of it
            }
            for (Map.Entry<String, List<Revision>> document : byDocument.entrySet()) {
                last = document.getKey();
                list(last, document.getValue(), known, reading);
            }
        }
    }

    /** @param open what has no end is shown, unless it was committed too late: then what came before it */
    private void list(String hex, List<Revision> open, Map<String, Long> known, Consumer<ListedDocument> reading) {
        boolean complete = open.stream().allMatch(r -> Commits.has(known, r));
        List<Revision> all = complete ? open : revisions.all(List.of(hex)).getOrDefault(hex, List.of());
        Revision shown =
                Revision.at(all.stream().filter(r -> Commits.has(known, r)).toList(), null);
        if (shown != null && !shown.state().deleted()) {
            reading.accept(new ListedDocument(
                    shown.key(generation.collection()),
                    shown.version(),
                    passageIds(shown).stream().sorted().toList()));
        }
    }

    List<DocumentDigest> digests(@Nullable DocumentKey after, int limit) {
        List<DocumentDigest> digests = new ArrayList<>();
        String last = after == null ? null : ObjectIds.hex(after.document().value());
        int pageSize = Math.clamp(limit * 2L, MIN_PAGE, Engine.MAX_RESULTS);
        while (digests.size() < limit) {
            List<Revision> page = revisions.page(last, pageSize);
            Map<String, Long> known = commits.refresh(page);
            Map<String, List<Revision>> byDocument = new LinkedHashMap<>();
            page.forEach(r -> byDocument
                    .computeIfAbsent(r.hex(), key -> new ArrayList<>())
                    .add(r));
            boolean more = page.size() == pageSize;
            if (more && byDocument.size() > 1) {
                byDocument.remove(page.getLast().hex()); // perhaps not all of it
            }
            for (Map.Entry<String, List<Revision>> document : byDocument.entrySet()) {
                last = document.getKey();
                List<Revision> committed = document.getValue().stream()
                        .filter(r -> Commits.has(known, r))
                        .toList();
                Revision newest = Revision.at(committed, null);
                if (newest != null && !newest.state().deleted() && digests.size() < limit) {
                    digests.add(new DocumentDigest(
                            newest.key(generation.collection()),
                            newest.version(),
                            DocumentDigest.over(passageIds(newest))));
                }
            }
            if (!more) {
                break;
            }
        }
        return digests;
    }
}
