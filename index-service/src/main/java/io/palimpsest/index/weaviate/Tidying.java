package io.palimpsest.index.weaviate;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Brings the hints on passages and revisions (ends, access) up to what the committed revisions say. Hints may only ever
 * show too much; so a tidying that was cut off does no harm, and any later one finishes it. Two that run at the same time
 * could close what the other needs, so each looks again after it wrote.
 */
record Tidying(RevisionStore revisions, PassageStore passages, Commits commits) {
    /** Each round means that another process wrote the same document meanwhile. Arbitrary. */
    private static final int MAX_ROUNDS = 20;

    /** What the passages of a document should say. */
    private record Wanted(@Nullable Long to, Set<String> principals) {}

    /**
     * @param documents in hex
     * @param thorough after another process may have been cut off in the same document
     */
    void tidy(Collection<String> documents, boolean thorough) {
        Set<String> untidy = new TreeSet<>(documents);
        for (int round = 0; round < MAX_ROUNDS && !untidy.isEmpty(); round++) {
            Map<String, List<Revision>> open = revisions.open(untidy);
            Map<String, Long> committed =
                    commits.refresh(open.values().stream().flatMap(List::stream).toList());
            untidy.removeIf(document -> !isUntidy(open.getOrDefault(document, List.of()), committed));
            Changes changes = new Changes(thorough || round > 0);
            for (String document : untidy) {
                changes.collect(document, open.getOrDefault(document, List.of()), committed);
            }
            changes.write();
        }
    }

    /** Whether a revision is open that another one has overtaken. */
    static boolean isUntidy(List<Revision> open, Map<String, Long> committed) {
        return open.stream().anyMatch(revision -> isBeforeNewest(revision, open, committed));
    }

    private static boolean isBeforeNewest(Revision revision, List<Revision> open, Map<String, Long> committed) {
        boolean visible = Commits.has(committed, revision);
        return open.stream()
                .filter(other -> Commits.has(committed, other))
                .anyMatch(other -> visible
                        ? Revision.BY_VERSION.compare(other, revision) > 0
                        : other.version() >= revision.version());
    }

    /** What a round comes down to, for all of its documents together. Threading: one thread. */
    private final class Changes {
        private final boolean thorough;
        private final Map<String, Wanted> wanted = new HashMap<>();
        private final Map<String, Set<String>> anybody = new HashMap<>();
        private final List<Revision> unsaid = new ArrayList<>();
        private final List<Revision> ended = new ArrayList<>();
        private final List<Revision> never = new ArrayList<>();

        Changes(boolean thorough) {
            this.thorough = thorough;
        }

        void collect(String hex, List<Revision> open, Map<String, Long> commits) {
            List<Revision> committed =
                    open.stream().filter(r -> Commits.has(commits, r)).toList();
            SequencedMap<Revision, Long> ordered = Revision.ordered(committed);
            Revision newest = ordered.lastEntry().getKey();
            Map<String, Wanted> here = new HashMap<>();
            Set<String> live = ids(hex, newest);
            Set<String> principals = newest.state().access().principals();
            boolean narrowed = committed.stream()
                    .anyMatch(r -> !principals.containsAll(r.state().access().principals()));
            if (narrowed) {
                Map<String, List<Revision>> all = revisions.all(List.of(hex));
                for (Revision revision : all.getOrDefault(hex, List.of())) {
                    ids(hex, revision).forEach(id -> here.put(id, new Wanted(null, principals)));
                }
            }
            List<Map.Entry<Revision, Long>> chain = List.copyOf(ordered.sequencedEntrySet());
            for (int i = 0; i + 1 < chain.size(); i++) {
                long end = chain.get(i + 1).getValue();
                ended.add(chain.get(i).getKey().endingAt(end));
                Set<String> next = ids(hex, chain.get(i + 1).getKey());
                for (String id : ids(hex, chain.get(i).getKey())) {
                    if (!next.contains(id)) {
                        here.put(id, new Wanted(end, principals));
                    }
                }
            }
            if (thorough || open.size() > 2 || narrowed) {
                live.forEach(id -> here.put(id, new Wanted(Fields.LIVE, principals)));
            } else {
                live.forEach(here::remove);
            }
            if (thorough) {
                unsay(open, committed, here.keySet());
            }
            wanted.putAll(here);
            open.stream()
                    .filter(r -> !Commits.has(commits, r) && r.version() <= newest.version())
                    .forEach(never::add);
        }

        /**
         * Takes hints back first. A server that died while it changed an object may have changed the object and not the
         * filters that find it, and what it takes for unchanged it does not look at again.
         */
        private void unsay(List<Revision> open, List<Revision> committed, Set<String> passages) {
            Set<String> admitted = new TreeSet<>();
            committed.forEach(r -> admitted.addAll(r.state().access().principals()));
            passages.forEach(id -> anybody.put(id, admitted));
            open.stream()
                    .filter(r -> !r.isOpen())
                    .map(r -> r.endingAt(Fields.LIVE))
                    .forEach(unsaid::add);
        }

        void write() {
            passages.rewrite(
                    anybody.keySet(),
                    item -> item.with(Fields.VALID_TO, Fields.LIVE)
                            .with(Fields.ACCESS, PassageStore.principals(anybody.getOrDefault(item.id(), Set.of()))));
            revisions.insert(unsaid);
            passages.rewrite(wanted.keySet(), item -> change(item, wanted));
            drop(never);
            revisions.insert(ended);
        }
    }

    private static Item change(Item item, Map<String, Wanted> wanted) {
        Wanted want = wanted.get(item.id());
        if (want == null) {
            return item;
        }
        Item changed = item;
        if (want.to() != null && item.number(Fields.VALID_TO) != want.to()) {
            changed = changed.with(Fields.VALID_TO, want.to());
        }
        if (!new HashSet<>(item.texts(Fields.ACCESS))
                .equals(new HashSet<>(PassageStore.principals(want.principals())))) {
            changed = changed.with(Fields.ACCESS, PassageStore.principals(want.principals()));
        }
        return changed;
    }

    private static Set<String> ids(String hex, Revision revision) {
        Set<String> ids = new HashSet<>();
        revision.state().passages().forEach((passage, birth) -> ids.add(ObjectIds.passage(hex, passage, birth)));
        return ids;
    }

    /** Takes away what a failed batch left behind a newer revision. */
    private void drop(List<Revision> never) {
        if (never.isEmpty()) {
            return;
        }
        List<String> ids = new ArrayList<>();
        for (Revision revision : never) {
            revision.state().passages().forEach((passage, birth) -> {
                if (birth.equals(revision.birth())) {
                    ids.add(ObjectIds.passage(revision.hex(), passage, birth));
                }
            });
        }
        revisions.delete(never); // first: should its commit arrive after all, nothing of it is believed
        passages.delete(ids);
    }
}
