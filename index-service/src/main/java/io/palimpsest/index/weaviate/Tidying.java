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
            boolean again = thorough || round > 0;
            Map<String, List<Revision>> open = revisions.open(untidy);
            Map<String, Long> committed =
                    commits.refresh(open.values().stream().flatMap(List::stream).toList());
            untidy.removeIf(document -> !isUntidy(open.getOrDefault(document, List.of()), committed));
            for (String document : untidy) {
                tidy(document, open.getOrDefault(document, List.of()), committed, again);
            }
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

    private void tidy(String hex, List<Revision> open, Map<String, Long> commits, boolean thorough) {
        List<Revision> committed =
                open.stream().filter(r -> Commits.has(commits, r)).toList();
        SequencedMap<Revision, Long> ordered = Revision.ordered(committed);
        Revision newest = ordered.lastEntry().getKey();
        Map<String, Wanted> wanted = new HashMap<>();
        Set<String> live = ids(hex, newest);
        Set<String> principals = newest.state().access().principals();
        boolean narrowed = committed.stream()
                .anyMatch(r -> !principals.containsAll(r.state().access().principals()));
        if (narrowed) {
            Map<String, List<Revision>> all = revisions.all(List.of(hex));
            for (Revision revision : all.getOrDefault(hex, List.of())) {
                ids(hex, revision).forEach(id -> wanted.put(id, new Wanted(null, principals)));
            }
        }
        List<Revision> ended = new ArrayList<>();
        List<Map.Entry<Revision, Long>> chain = List.copyOf(ordered.sequencedEntrySet());
        for (int i = 0; i + 1 < chain.size(); i++) {
            long end = chain.get(i + 1).getValue();
            ended.add(chain.get(i).getKey().endingAt(end));
            for (String id : ids(hex, chain.get(i).getKey())) {
                if (!ids(hex, chain.get(i + 1).getKey()).contains(id)) {
                    wanted.put(id, new Wanted(end, principals));
                }
            }
        }
        if (thorough || open.size() > 2 || narrowed) {
            live.forEach(id -> wanted.put(id, new Wanted(Fields.LIVE, principals)));
        } else {
            live.forEach(wanted::remove);
        }
        if (thorough) {
            unsay(open, committed, wanted);
        }
        passages.rewrite(wanted.keySet(), item -> change(item, wanted));
        drop(
                hex,
                open.stream()
                        .filter(r -> !Commits.has(commits, r) && r.version() <= newest.version())
                        .toList());
        revisions.insert(ended);
    }

    /**
     * Takes hints back first. A server that died while it changed an object may have changed the object and not the filters
     * that find it, and what it takes for unchanged it does not look at again.
     */
    private void unsay(List<Revision> open, List<Revision> committed, Map<String, Wanted> wanted) {
        Set<String> anybody = new TreeSet<>();
        committed.forEach(r -> anybody.addAll(r.state().access().principals()));
        passages.rewrite(
                wanted.keySet(),
                item -> item.with(Fields.VALID_TO, Fields.LIVE).with(Fields.ACCESS, PassageStore.principals(anybody)));
        revisions.insert(open.stream()
                .filter(r -> !r.isOpen())
                .map(r -> r.endingAt(Fields.LIVE))
                .toList());
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
    private void drop(String hex, List<Revision> never) {
        if (never.isEmpty()) {
            return;
        }
        List<String> ids = new ArrayList<>();
        for (Revision revision : never) {
            revision.state().passages().forEach((passage, birth) -> {
                if (birth.equals(revision.birth())) {
                    ids.add(ObjectIds.passage(hex, passage, birth));
                }
            });
        }
        revisions.delete(never); // first: should its commit arrive after all, nothing of it is believed
        passages.delete(ids);
    }
}
