package io.palimpsest.index.weaviate;

import io.weaviate.client6.v1.api.collections.query.Filter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Predicate;

/** The words that batches brought, as they are kept in the server. Threading: any. */
record WordPages(Engine engine, Place place) {
    /** Words of one page, some 80 kB. Arbitrary. */
    private static final int PAGE = 10_000;

    private static final int READ = 100;
    private static final Set<String> PROPERTIES = Set.of(Fields.WRITER, Fields.BATCH, Fields.WORDS);

    /** Words between line ends, and the batch that brought them. */
    record Page(String id, String writer, long batch, List<String> words) {
        Page {
            words = List.copyOf(words);
        }

        Page without(Set<String> gone) {
            return new Page(
                    id,
                    writer,
                    batch,
                    words.stream().filter(Predicate.not(gone::contains)).toList());
        }

        private Item item() {
            return new Item(
                    id,
                    Map.of(Fields.WRITER, writer, Fields.BATCH, batch, Fields.WORDS, String.join("\n", words)),
                    null,
                    0);
        }

        private static Page of(Item item) {
            return new Page(
                    item.id(),
                    item.text(Fields.WRITER),
                    item.number(Fields.BATCH),
                    item.text(Fields.WORDS).lines().toList());
        }
    }

    /** To be inserted with a batch. */
    static List<Page> pages(String writer, long batch, List<String> words) {
        List<Page> pages = new ArrayList<>();
        for (int from = 0; from < words.size(); from += PAGE) {
            List<String> some = words.subList(from, Math.min(words.size(), from + PAGE));
            pages.add(new Page(ObjectIds.words(writer, batch, from), writer, batch, some));
        }
        return pages;
    }

    void insert(List<Page> pages) {
        engine.writes().insert(place, pages.stream().map(Page::item).toList());
    }

    void replace(Page page) {
        engine.writes().replace(place, page.item());
    }

    /**
     * Of one writer, in the order of its batches; a page may come twice.
     *
     * @param after exclusive
     * @param to inclusive
     */
    void of(String writer, long after, long to, Consumer<Page> reader) {
        long from = after + 1;
        int limit = READ;
        while (true) {
            List<Item> found = engine.reads()
                    .sorted(
                            place,
                            Filter.and(
                                    Filter.property(Fields.WRITER).eq(writer),
                                    Filter.property(Fields.BATCH).gte(from),
                                    Filter.property(Fields.BATCH).lte(to)),
                            Fields.BATCH,
                            limit,
                            PROPERTIES);
            found.forEach(item -> reader.accept(Page.of(item)));
            if (found.size() < limit) {
                return;
            }
            long last = found.getLast().number(Fields.BATCH);
            limit = last == from ? limit * 2 : limit; // a batch of more pages than were asked for
            from = last;
        }
    }
}
