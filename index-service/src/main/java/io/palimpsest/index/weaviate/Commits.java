package io.palimpsest.index.weaviate;

import io.weaviate.client6.v1.api.collections.query.Filter;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The last visible batch of each writer. A writer numbers its batches, and commits one with a single object, which the
 * server replaces as a whole: so a batch is visible altogether or not at all. A writer that failed is given up, so at
 * most one batch of it is open for ever.
 *
 * <p>Threading: any. What is known here is committed for certain, but more may be.
 */
final class Commits {
    private final Engine engine;
    private final Place place;
    private final Map<String, Long> known = new ConcurrentHashMap<>();

    Commits(Engine engine, Place place) {
        this.engine = engine;
        this.place = place;
    }

    /** What is known to be committed at this moment. */
    Map<String, Long> known() {
        return Map.copyOf(known);
    }

    static boolean has(Map<String, Long> commits, Revision revision) {
        return commits.getOrDefault(revision.writer(), 0L) >= revision.batch();
    }

    /** Asks the server about those writers of the revisions that may have committed more than is known. */
    Map<String, Long> refresh(Collection<Revision> revisions) {
        Map<String, Long> before = known();
        List<String> asked = revisions.stream()
                .filter(revision -> !has(before, revision))
                .map(Revision::writer)
                .distinct()
                .toList();
        if (asked.isEmpty()) {
            return before;
        }
        engine.reads()
                .byIds(place, asked.stream().map(ObjectIds::commit).toList(), Set.of(Fields.WRITER, Fields.COMMITTED))
                .forEach(this::learn);
        return known();
    }

    /**
     * Of every writer there ever was. Those that are known are asked for by their names too, as {@link #refresh} does: a server
     * that was killed may find an object by one filter and not by the other.
     */
    Map<String, Long> refreshAll() {
        Filter all = Filter.property(Fields.COMMITTED).gte(0L);
        List<String> ids = known.keySet().stream().map(ObjectIds::commit).toList();
        engine.reads()
                .fetch(
                        place,
                        ids.isEmpty() ? all : Filter.or(all, Reads.uuids(ids)),
                        Engine.MAX_RESULTS,
                        Set.of(Fields.WRITER, Fields.COMMITTED))
                .forEach(this::learn);
        return known();
    }

    private void learn(Item item) {
        if (item.properties().get(Fields.COMMITTED) != null) {
            known.merge(item.text(Fields.WRITER), item.number(Fields.COMMITTED), Math::max);
        }
    }

    /** Before the first batch of a writer, so that its commits change an object that is certain to be found. */
    void announce(String writer) {
        engine.writes().insert(place, List.of(item(writer, 0)));
    }

    /** Makes a batch visible. */
    void commit(String writer, long batch) {
        engine.writes().replace(place, item(writer, batch));
        known.merge(writer, batch, Math::max);
    }

    private static Item item(String writer, long batch) {
        return new Item(ObjectIds.commit(writer), Map.of(Fields.WRITER, writer, Fields.COMMITTED, batch), null, 0);
    }
}
