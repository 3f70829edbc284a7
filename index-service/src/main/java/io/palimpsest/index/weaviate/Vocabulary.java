package io.palimpsest.index.weaviate;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.palimpsest.index.words.EditDistance;
import io.palimpsest.index.words.WordAnalysis;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * The words of a generation as they are written, each an object of its own that is found by the pairs of letters it has;
 * Weaviate has no way to ask for the terms of its index. Threading: any.
 */
final class Vocabulary {
    /** Shorter words have more neighbours than sense. */
    private static final int MIN_LENGTH = 3;

    private static final int MAX_EDITS = 2;
    private static final int PROPOSALS = 300;
    private static final int CACHED_WORDS = 200_000;

    private final Engine engine;
    private final Place place;
    private final PassageStore passages;
    private final WordAnalysis analysis;
    private final Cache<String, Boolean> written =
            Caffeine.newBuilder().maximumSize(CACHED_WORDS).build();

    private record Neighbour(String word, int edits) {}

    Vocabulary(Engine engine, Place place, PassageStore passages, WordAnalysis analysis) {
        this.engine = engine;
        this.place = place;
        this.passages = passages;
        this.analysis = analysis;
    }

    void add(Collection<String> words) {
        List<String> fresh = words.stream()
                .filter(word -> written.getIfPresent(word) == null)
                .toList();
        engine.writes().insert(
                place,
                fresh.stream()
                        .map(word -> new Item(
                                ObjectIds.word(word), Map.of(Fields.WORD, word, Fields.GRAMS, grams(word)), null, 0))
                        .toList());
        fresh.forEach(word -> written.put(word, true));
    }

    /** Drops those of the words that no passage has any more. */
    void sweep(Set<String> words) {
        List<String> gone =
                words.stream().filter(word -> passages.countWith(word) == 0).toList();
        written.invalidateAll(gone);
        engine.writes().deleteIds(place, gone.stream().map(ObjectIds::word).toList());
    }

    List<String> similar(String term, int limit) {
        List<String> words = analysis.words(term);
        if (words.size() != 1 || limit < 1 || words.getFirst().length() < MIN_LENGTH) {
            return List.of();
        }
        String word = words.getFirst();
        return engine.reads().keyword(place, grams(word), Fields.GRAMS, null, PROPOSALS, Set.of(Fields.WORD)).stream()
                .map(item -> item.text(Fields.WORD))
                .filter(found -> !found.equals(word))
                .map(found -> new Neighbour(found, EditDistance.between(word, found)))
                .filter(neighbour -> neighbour.edits() <= MAX_EDITS)
                .sorted(Comparator.comparingInt(Neighbour::edits).thenComparing(Neighbour::word))
                .map(Neighbour::word)
                .filter(found -> passages.countWith(found) > 0)
                .limit(limit)
                .toList();
    }

    /** Of the rarest of its words. */
    long frequency(String term) {
        long least = Long.MAX_VALUE;
        for (String word : analysis.words(term)) {
            least = Math.min(least, passages.countWith(word));
        }
        return least == Long.MAX_VALUE ? 0 : least;
    }

    /** {@code word} as {@code ^w wo or rd d$}. */
    private static String grams(String word) {
        int[] letters = ("^" + word + "$").codePoints().toArray();
        return IntStream.range(0, letters.length - 1)
                .mapToObj(i -> new String(letters, i, 2))
                .collect(Collectors.joining(" "));
    }
}
