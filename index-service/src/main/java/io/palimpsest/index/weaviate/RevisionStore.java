package io.palimpsest.index.weaviate;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.weaviate.client6.v1.api.collections.query.Filter;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The revisions of a generation, and which of them are committed. Threading: any. */
final class RevisionStore {
    /** Documents asked for at a time: their open revisions stay far below what the server gives at most. Arbitrary. */
    private static final int OPEN_CHUNK = 500;

    private static final int HISTORY_CHUNK = 20;

    /** No writer's name. */
    private static final String PURGE = "purge";

    static final Set<String> PROPERTIES =
            Set.of(Fields.UNTIL, Fields.WRITER, Fields.BATCH, Fields.STATE, Fields.DOCUMENT);

    /** What is read of a revision whose state is known. */
    private static final Set<String> HEADS = Set.of(Fields.UNTIL, Fields.WRITER, Fields.BATCH, Fields.DOCUMENT);

    /** Passages that the known states list, some 250 bytes each. */
    private static final int KNOWN_PASSAGES = 200_000;

    private final Engine engine;
    private final Place place;
    private final Cache<String, Revision.State> states = Caffeine.newBuilder()
            .maximumWeight(KNOWN_PASSAGES)
            .<String, Revision.State>weigher((id, state) -> 1 + state.passages().size())
            .build();

    RevisionStore(Engine engine, Place place) {
        this.engine = engine;
        this.place = place;
    }

    /** Those whose end is not noted: the newest, and what awaits its commit or its end. By document id in hex. */
    Map<String, List<Revision>> open(Collection<String> documents) {
        return read(documents, OPEN_CHUNK, Filter.property(Fields.UNTIL).eq(Fields.LIVE));
    }

    /** All that are kept. By document id in hex. */
    Map<String, List<Revision>> all(Collection<String> documents) {
        return read(documents, HISTORY_CHUNK, null);
    }

    private Map<String, List<Revision>> read(Collection<String> documents, int chunk, @Nullable Filter also) {
        Map<String, List<Revision>> found = new HashMap<>();
        List<String> asked = List.copyOf(documents);
        for (int from = 0; from < asked.size(); from += chunk) {
            List<String> some = asked.subList(from, Math.min(asked.size(), from + chunk));
            Filter these = Filter.property(Fields.DOCUMENT).containsAny(some);
            Filter filter = also == null ? these : Filter.and(these, also);
            for (Revision revision : withStates(engine.reads().fetch(place, filter, Engine.MAX_RESULTS, HEADS))) {
                found.computeIfAbsent(revision.hex(), key -> new ArrayList<>()).add(revision);
            }
        }
        return found;
    }

    /** The states are most of what there is to read, and never change. */
    private List<Revision> withStates(List<Item> heads) {
        Map<String, Revision.State> known =
                new HashMap<>(states.getAllPresent(heads.stream().map(Item::id).toList()));
        List<String> unknown = heads.stream()
                .map(Item::id)
                .filter(id -> !known.containsKey(id))
                .toList();
        for (Item item : engine.reads().byIds(place, unknown, Set.of(Fields.STATE))) {
            known.put(item.id(), Revision.state(item));
        }
        List<Revision> revisions = new ArrayList<>();
        for (Item head : heads) {
            Revision.State state = known.get(head.id());
            if (state != null) { // dropped in between
                revisions.add(Revision.of(head, state));
                states.put(head.id(), state);
            }
        }
        return revisions;
    }

    void insert(Collection<Revision> revisions) {
        revisions.forEach(revision -> states.put(revision.id(), revision.state()));
        engine.writes().insert(place, revisions.stream().map(Revision::item).toList());
    }

    void delete(Collection<Revision> revisions) {
        List<String> ids = revisions.stream().map(Revision::id).toList();
        engine.writes().deleteIds(place, ids);
    }

    /** All of a document, by its id in hex. */
    long erase(String hex) {
        long found = count(hex);
        states.invalidateAll();
        engine.writes().delete(place, of(hex));
        return found;
    }

    long count(String hex) {
        return engine.reads().count(place, of(hex));
    }

    private static Filter of(String hex) {
        return Filter.property(Fields.DOCUMENT).eq(hex);
    }

    /** @param limit epoch milliseconds, inclusive */
    void purge(long limit) {
        engine.writes().delete(place, Filter.property(Fields.UNTIL).lte(limit));
    }

    /** Passages that were removed for good. Kept as objects of a writer that never commits. */
    void countPurged(long passages) {
        String id = ObjectIds.purge(UUID.randomUUID().toString());
        engine.writes()
                .insertFirst(place, new Item(id, Map.of(Fields.WRITER, PURGE, Fields.PASSAGES, passages), null, 0));
    }

    long purged() {
        return engine.reads().sum(place, Filter.property(Fields.WRITER).eq(PURGE), Fields.PASSAGES);
    }

    /** Open revisions in the order of the documents' bytes. */
    List<Revision> page(@Nullable String after, int limit) {
        Filter open = Filter.property(Fields.UNTIL).eq(Fields.LIVE);
        Filter filter = after == null
                ? open
                : Filter.and(open, Filter.property(Fields.DOCUMENT).gt(after));
        return engine.reads().sorted(place, filter, Fields.DOCUMENT, limit, PROPERTIES).stream()
                .map(Revision::of)
                .toList();
    }

    long countAlive() {
        return engine.reads().count(place, alive());
    }

    long sumPassages() {
        return engine.reads().sum(place, alive(), Fields.PASSAGES);
    }

    private static Filter alive() {
        return Filter.and(
                Filter.property(Fields.UNTIL).eq(Fields.LIVE),
                Filter.property(Fields.ALIVE).eq(true));
    }

    /** Of these writers, what is after what they committed. */
    List<Revision> uncommitted(Map<String, Long> commits) {
        List<Revision> found = new ArrayList<>();
        List<Filter> conditions = new ArrayList<>();
        commits.forEach((writer, committed) -> conditions.add(Filter.and(
                Filter.property(Fields.WRITER).eq(writer),
                Filter.property(Fields.BATCH).gt(committed))));
        for (int from = 0; from < conditions.size(); from += HISTORY_CHUNK) {
            List<Filter> some = conditions.subList(from, Math.min(conditions.size(), from + HISTORY_CHUNK));
            Filter any = some.size() == 1 ? some.getFirst() : Filter.or(some.toArray(Filter[]::new));
            engine.reads()
                    .fetch(place, any, Engine.MAX_RESULTS, PROPERTIES)
                    .forEach(item -> found.add(Revision.of(item)));
        }
        return found;
    }
}
