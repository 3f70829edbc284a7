package io.palimpsest.index.weaviate;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The open revisions of documents, asked for once as long as nothing is committed: every commit of any process changes what
 * {@link Commits#refreshAll} says, and with it all that was read before is forgotten. So a search of a quiet index asks for
 * the commits alone.
 *
 * <p>Threading: any.
 */
final class OpenRevisions {
    /** Passages that the remembered revisions list; their states are shared with those of {@link RevisionStore}. */
    private static final int REMEMBERED_PASSAGES = 200_000;

    private final RevisionStore revisions;
    private final Commits commits;
    private volatile Remembered remembered = new Remembered(Map.of());

    /** @param committed when each of the documents was read */
    private record Remembered(Map<String, Long> committed, Cache<String, List<Revision>> documents) {
        Remembered(Map<String, Long> committed) {
            this(
                    committed,
                    Caffeine.newBuilder()
                            .maximumWeight(REMEMBERED_PASSAGES)
                            .<String, List<Revision>>weigher((hex, found) -> weight(found))
                            .build());
        }

        private static int weight(List<Revision> found) {
            return found.stream()
                    .mapToInt(revision -> 1 + revision.state().passages().size())
                    .sum();
        }
    }

    /**
     * @param byDocument what has no end of each document, by its id in hex: the newest revision, and what awaits its commit or
     *     its end; all revisions of one that seemed to have none; nothing of one that is not there
     * @param committed every commit that may be in it
     */
    record Read(Map<String, List<Revision>> byDocument, Map<String, Long> committed) {}

    OpenRevisions(RevisionStore revisions, Commits commits) {
        this.revisions = revisions;
        this.commits = commits;
    }

    /** @return what was so at some moment of this call, but for what was committed during it */
    Read of(Set<String> documents) {
        Map<String, Long> committed = commits.refreshAll();
        Remembered now = remembered;
        if (!now.committed().equals(committed)) {
            now = new Remembered(committed);
            remembered = now;
        }
        Map<String, List<Revision>> found = new HashMap<>(now.documents().getAllPresent(documents));
        Set<String> unknown = new HashSet<>(documents);
        unknown.removeAll(found.keySet());
        if (unknown.isEmpty()) {
            return new Read(found, committed);
        }
        Map<String, List<Revision>> read = new HashMap<>(revisions.open(unknown));
        unknown.removeAll(read.keySet());
        if (!unknown.isEmpty()) {
            // Between the two halves of the filter a revision may have ended and its successor come.
            read.putAll(revisions.all(unknown));
        }
        Map<String, Long> since =
                commits.refresh(read.values().stream().flatMap(List::stream).toList());
        for (Map.Entry<String, List<Revision>> document : read.entrySet()) {
            if (areAsOf(committed, since, document.getValue())) {
                now.documents().put(document.getKey(), List.copyOf(document.getValue()));
            }
        }
        found.putAll(read);
        return new Read(found, since);
    }

    private static boolean areAsOf(Map<String, Long> committed, Map<String, Long> since, Collection<Revision> read) {
        return read.stream().allMatch(revision -> Commits.has(committed, revision) || !Commits.has(since, revision));
    }
}
