package io.palimpsest.index.weaviate;

import io.palimpsest.contracts.error.ErrorCode;
import io.palimpsest.contracts.error.PalimpsestException;
import io.palimpsest.contracts.id.PassageId;
import io.palimpsest.index.passages.AccessList;
import io.palimpsest.index.passages.LegHits;
import io.palimpsest.index.passages.PassageQuery;
import io.palimpsest.index.passages.ScoredPassage;
import io.palimpsest.index.words.WordAnalysis;
import io.weaviate.client6.v1.api.collections.query.Filter;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Both legs of a query from one state of the index, which the server does not offer. The legs are asked with filters that
 * show at least what is visible; then the revisions of the documents they hit decide. Was one of these revisions
 * committed after the legs were asked, or perhaps so, the legs may have missed parts of it, and all is asked again.
 */
record GenerationSearch(
        Engine engine,
        Shelf shelf,
        RevisionStore revisions,
        OpenRevisions open,
        Commits commits,
        WordAnalysis analysis) {
    /** Every further one means that a document among the hits was written in the few milliseconds of the last. */
    private static final int MAX_ATTEMPTS = 200;

    private record Legs(List<Item> near, List<Item> matching, int limit) {
        Set<String> documents() {
            Set<String> documents = new TreeSet<>();
            near.forEach(item -> documents.add(item.text(Fields.DOCUMENT)));
            matching.forEach(item -> documents.add(item.text(Fields.DOCUMENT)));
            return documents;
        }
    }

    LegHits search(PassageQuery query) {
        boolean none = query.documents() != null && query.documents().isEmpty();
        if (none || query.principals().isEmpty()) {
            return LegHits.NONE;
        }
        int limit = query.candidates();
        for (int attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
            Map<String, Long> before = commits.known();
            Legs legs = ask(query, limit);
            Map<String, Shown> shown = shown(legs.documents(), query, before);
            if (shown == null) {
                continue;
            }
            List<ScoredPassage> near = resolve(legs.near(), query, shown);
            List<ScoredPassage> matching = resolve(legs.matching(), query, shown);
            if (limit < Engine.MAX_RESULTS
                    && (isShort(legs.near(), near, query, limit) || isShort(legs.matching(), matching, query, limit))) {
                limit = Math.min(Engine.MAX_RESULTS, limit * 2);
                continue;
            }
            return new LegHits(near, matching);
        }
        throw new PalimpsestException(
                ErrorCode.INDEX_UNAVAILABLE,
                "documents among the hits were written faster than " + engine.address() + " can be read");
    }

    /** Whether there may be more behind what the filters showed too much. */
    private static boolean isShort(List<Item> asked, List<ScoredPassage> visible, PassageQuery query, int limit) {
        return asked.size() == limit && visible.size() < query.candidates();
    }

    private Legs ask(PassageQuery query, int limit) {
        Filter filter = filter(query);
        float[] vector = query.vector();
        String text = query.text();
        String stems = text == null ? "" : stems(text);
        if (vector == null || stems.isEmpty()) {
            List<Item> near = vector == null
                    ? List.of()
                    : engine.reads().near(shelf.passages(), vector, filter, limit, PassageStore.KEYS);
            List<Item> matching = stems.isEmpty()
                    ? List.of()
                    : engine.reads().keyword(shelf.passages(), stems, Fields.STEMS, filter, limit, PassageStore.KEYS);
            return new Legs(near, matching, limit);
        }
        return engine.together()
                .both(
                        () -> engine.reads().near(shelf.passages(), vector, filter, limit, PassageStore.KEYS),
                        () -> engine.reads()
                                .keyword(shelf.passages(), stems, Fields.STEMS, filter, limit, PassageStore.KEYS),
                        (near, matching) -> new Legs(near, matching, limit));
    }

    private String stems(String text) {
        List<String> words = new ArrayList<>();
        analysis.queryStems(text).forEach((stem, count) -> {
            for (int i = 0; i < count; i++) {
                words.add(stem);
            }
        });
        return String.join(" ", words);
    }

    private static Filter filter(PassageQuery query) {
        List<Filter> all = new ArrayList<>();
        List<String> principals = new ArrayList<>(PassageStore.principals(query.principals()));
        principals.add(Fields.principal(AccessList.EVERYONE));
        all.add(Filter.property(Fields.ACCESS).containsAny(principals));
        if (query.asOf() == null) {
            all.add(PassageStore.live());
        } else {
            long moment = moment(query);
            all.add(Filter.property(Fields.VALID_FROM).lte(moment));
            all.add(Filter.property(Fields.VALID_TO).gt(moment));
        }
        query.labels()
                .forEach((key, value) ->
                        all.add(Filter.property(Fields.LABELS).containsAny(List.of(Fields.label(key, value)))));
        if (query.documents() != null) {
            all.add(Filter.property(Fields.DOCUMENT)
                    .containsAny(query.documents().stream()
                            .map(id -> ObjectIds.hex(id.value()))
                            .toList()));
        }
        return Filter.and(all.toArray(Filter[]::new));
    }

    private static long moment(PassageQuery query) {
        return query.asOf() == null
                ? Fields.LIVE
                : Math.clamp(query.asOf().toEpochMilli(), -Fields.LIVE, Fields.LIVE - 1);
    }

    /** The revision of a document that the query may see, and the access of now. */
    private record Shown(Revision revision, AccessList access) {}

    /** @return null where something was committed since, or may have been */
    private @Nullable Map<String, Shown> shown(Set<String> documents, PassageQuery query, Map<String, Long> before) {
        boolean now = query.asOf() == null;
        OpenRevisions.Read read = now ? open.of(documents) : all(documents);
        Map<String, Shown> shown = new HashMap<>();
        for (Map.Entry<String, List<Revision>> document : read.byDocument().entrySet()) {
            List<Revision> committed = document.getValue().stream()
                    .filter(r -> Commits.has(read.committed(), r))
                    .toList();
            if (committed.stream().anyMatch(r -> !Commits.has(before, r))) {
                return null;
            }
            Revision newest = Revision.at(committed, null);
            Revision visible = now ? newest : Revision.at(committed, moment(query));
            if (now && newest != null && !newest.isOpen()) {
                return null;
            }
            if (newest != null && visible != null && !visible.state().deleted()) {
                shown.put(document.getKey(), new Shown(visible, newest.state().access()));
            }
        }
        return shown;
    }

    private OpenRevisions.Read all(Set<String> documents) {
        Map<String, List<Revision>> found = revisions.all(documents);
        return new OpenRevisions.Read(
                found,
                commits.refresh(found.values().stream().flatMap(List::stream).toList()));
    }

    private List<ScoredPassage> resolve(List<Item> items, PassageQuery query, Map<String, Shown> shown) {
        List<ScoredPassage> hits = new ArrayList<>();
        for (Item item : items) {
            Shown document = shown.get(item.text(Fields.DOCUMENT));
            if (document == null || !document.access().admits(query.principals())) {
                continue;
            }
            Revision.State state = document.revision().state();
            String passage = item.text(Fields.PASSAGE);
            String birth = state.passages().get(passage);
            if (birth != null
                    && birth.equals(item.text(Fields.BORN))
                    && state.labels().entrySet().containsAll(query.labels().entrySet())) {
                hits.add(new ScoredPassage(
                        document.revision().key(shelf.generation().collection()),
                        new PassageId(passage),
                        (float) item.score(),
                        state.version(),
                        state.reference()));
            }
        }
        return hits.stream()
                .sorted(ScoredPassage.ORDER)
                .limit(query.candidates())
                .toList();
    }
}
