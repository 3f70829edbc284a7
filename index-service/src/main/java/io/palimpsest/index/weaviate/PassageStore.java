package io.palimpsest.index.weaviate;

import io.palimpsest.index.passages.AccessList;
import io.palimpsest.index.words.WordAnalysis;
import io.weaviate.client6.v1.api.collections.query.Filter;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/** The passages of a generation with their filters. Threading: any. */
final class PassageStore {
    private static final int CHUNK = 500;

    static final Set<String> KEYS = Set.of(Fields.DOCUMENT, Fields.PASSAGE, Fields.BORN);

    private static final Set<String> ALL = Set.of(
            Fields.DOCUMENT,
            Fields.PASSAGE,
            Fields.BORN,
            Fields.VALID_FROM,
            Fields.VALID_TO,
            Fields.ACCESS,
            Fields.LABELS,
            Fields.STEMS,
            Fields.WORDS);

    private static final Item FLUSH =
            new Item(ObjectIds.catalog("flush", ""), Map.of(Fields.BORN, Fields.NOTHING), null, 0);

    private final Engine engine;
    private final Place place;
    private final WordAnalysis analysis;

    PassageStore(Engine engine, Place place, WordAnalysis analysis) {
        this.engine = engine;
        this.place = place;
        this.analysis = analysis;
    }

    /**
     * Inserts in parts, each made while the ones before travel.
     *
     * @param words is given their distinct words; may be called by several threads
     */
    List<Runnable> insertions(WritePlan plan, Consumer<Set<String>> words) {
        List<WritePlan.NewPassage> all = List.copyOf(plan.passages());
        List<Runnable> parts = new ArrayList<>();
        int size = engine.settings().batch();
        for (int from = 0; from < all.size(); from += size) {
            List<WritePlan.NewPassage> some = all.subList(from, Math.min(all.size(), from + size));
            parts.add(() -> {
                List<Item> items = some.stream()
                        .map(passage -> item(passage, plan.access(passage.document())))
                        .toList();
                words.accept(words(items));
                engine.writes().insert(place, items);
            });
        }
        return parts;
    }

    /**
     * To be called after insertions. Weaviate (1.35.2) writes the log of its graph out when a batch is stored, which is before
     * the vectors of that batch are in the graph, and answers when they are: after a kill the last vectors of an answered
     * batch would be missing in the graph, for good. The next batch writes them out, so one more is sent: an object that no
     * filter matches.
     */
    void flush() {
        engine.writes().insert(place, List.of(FLUSH));
    }

    private static Set<String> words(List<Item> items) {
        Set<String> words = new TreeSet<>();
        items.forEach(item -> words.addAll(item.texts(Fields.WORDS)));
        words.remove(Fields.NOTHING);
        return words;
    }

    private Item item(WritePlan.NewPassage passage, AccessList access) {
        String hex = ObjectIds.hex(passage.document().document().value());
        String id = passage.entry().id().value();
        String text = passage.entry().embeddedText();
        Set<String> words = new TreeSet<>(analysis.words(text));
        List<String> labels = new ArrayList<>();
        passage.labels().forEach((key, value) -> labels.add(Fields.label(key, value)));
        Map<String, Object> properties = new HashMap<>();
        properties.put(Fields.DOCUMENT, hex);
        properties.put(Fields.PASSAGE, id);
        properties.put(Fields.BORN, passage.birth());
        properties.put(Fields.VALID_FROM, passage.from());
        properties.put(Fields.VALID_TO, passage.to());
        properties.put(Fields.ACCESS, principals(access.principals()));
        properties.put(Fields.LABELS, orNothing(labels));
        properties.put(
                Fields.STEMS,
                String.join(" ", analysis.stems(text).stream().sorted().toList()));
        properties.put(Fields.WORDS, orNothing(words));
        return new Item(
                ObjectIds.passage(hex, id, passage.birth()),
                properties,
                passage.entry().vector(),
                0);
    }

    static List<String> principals(Set<String> names) {
        return orNothing(names.stream().sorted().map(Fields::principal).toList());
    }

    private static List<String> orNothing(Collection<String> values) {
        return values.isEmpty() ? List.of(Fields.NOTHING) : List.copyOf(values);
    }

    /** Changes passages and writes those again that came out different; vectors stay, so the graph is not touched. */
    void rewrite(Collection<String> ids, UnaryOperator<Item> change) {
        List<String> all = List.copyOf(ids);
        List<Runnable> parts = new ArrayList<>();
        for (int from = 0; from < all.size(); from += CHUNK) {
            List<String> some = all.subList(from, Math.min(all.size(), from + CHUNK));
            parts.add(() -> rewritePart(some, change));
        }
        engine.together().all(parts);
    }

    private void rewritePart(List<String> ids, UnaryOperator<Item> change) {
        List<Item> changed = new ArrayList<>();
        for (Item item : engine.reads().byIdsWithVector(place, ids, ALL)) {
            Item next = change.apply(item);
            if (!next.properties().equals(item.properties())) {
                changed.add(next);
            }
        }
        engine.writes().insert(place, changed);
    }

    void delete(Collection<String> ids) {
        engine.writes().deleteIds(place, List.copyOf(ids));
    }

    /**
     * Removes what ended.
     *
     * @param limit epoch milliseconds, inclusive
     * @param words is given the words of what is removed
     * @return how many passages
     */
    long purge(long limit, Set<String> words) {
        return remove(Filter.property(Fields.VALID_TO).lte(limit), words);
    }

    /**
     * All of a document.
     *
     * @param hex of its id
     * @param words as for {@link #purge}
     */
    long erase(String hex, Set<String> words) {
        return remove(Filter.property(Fields.DOCUMENT).eq(hex), words);
    }

    long count(String hex) {
        return engine.reads().count(place, Filter.property(Fields.DOCUMENT).eq(hex));
    }

    private long remove(Filter which, Set<String> words) {
        long purged = 0;
        while (true) {
            List<Item> page = engine.reads().fetch(place, which, CHUNK, Set.of(Fields.WORDS));
            if (page.isEmpty()) {
                return purged;
            }
            page.forEach(item -> words.addAll(item.texts(Fields.WORDS)));
            engine.writes().deleteIds(place, page.stream().map(Item::id).toList());
            purged += page.size();
        }
    }

    static Filter live() {
        return Filter.property(Fields.VALID_TO).eq(Fields.LIVE);
    }

    long countEnded() {
        return engine.reads().count(place, Filter.property(Fields.VALID_TO).lt(Fields.LIVE));
    }

    /** @param word as written: lower case, accents folded */
    long countWith(String word) {
        return engine.reads().count(place, Filter.property(Fields.WORDS).containsAny(List.of(word)));
    }
}
